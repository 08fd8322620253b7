internal import AuraEffects
internal import Testing

@Suite("HybridLogicalClock")
struct HybridLogicalClockTests {
    private func wall(_ milliseconds: Int64) -> WallTime {
        WallTime(nanosecondsSinceEpoch: milliseconds * 1_000_000)
    }

    @Test("follows the wall clock while that advances")
    func follows() {
        var clock = HybridLogicalClock()
        #expect(clock.tick(wall(5)) == HybridTimestamp(milliseconds: 5, counter: 0))
        #expect(clock.tick(wall(5)) == HybridTimestamp(milliseconds: 5, counter: 1))
        #expect(clock.tick(wall(6)) == HybridTimestamp(milliseconds: 6, counter: 0))
    }

    @Test("increases while the wall clock jumps back an hour")
    func backwards() {
        var clock = HybridLogicalClock()
        var last = clock.tick(wall(10_000_000))
        for milliseconds in Int64(6_400_000)..<6_401_000 {
            let next = clock.tick(wall(milliseconds))
            #expect(next > last)
            last = next
        }
        #expect(last == HybridTimestamp(milliseconds: 10_000_000, counter: 1000))
        #expect(clock.tick(WallTime(nanosecondsSinceEpoch: -1)) > last)
    }

    @Test("a full counter carries into the milliseconds")
    func overflow() {
        var clock = HybridLogicalClock(last: HybridTimestamp(milliseconds: 7, counter: .max))
        let next = clock.tick(wall(7))
        #expect(next == HybridTimestamp(milliseconds: 8, counter: 0))
        #expect(clock.tick(wall(8)) == HybridTimestamp(milliseconds: 8, counter: 1))
    }

    @Test("goes on after what it observed")
    func observes() {
        var clock = HybridLogicalClock()
        clock.observe(HybridTimestamp(milliseconds: 100, counter: 9))
        clock.observe(HybridTimestamp(milliseconds: 50, counter: 0))
        #expect(clock.last == HybridTimestamp(milliseconds: 100, counter: 9))
        #expect(clock.tick(wall(60)) == HybridTimestamp(milliseconds: 100, counter: 10))
    }

    @Test("packs milliseconds and counter")
    func packing() {
        let timestamp = HybridTimestamp(milliseconds: 0xffff_ffff_ffff, counter: 0xabcd)
        #expect(timestamp.rawValue == 0xffff_ffff_ffff_abcd)
        #expect(timestamp.milliseconds == 0xffff_ffff_ffff)
        #expect(timestamp.counter == 0xabcd)
    }
}
