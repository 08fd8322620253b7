internal import AuraRuntime
internal import Testing

@Suite("WallClock")
struct WallClockTests {
    private static let second: Int64 = 1_000_000_000

    @Test("shows the system's clock while that advances")
    func follows() {
        var clock = WallClock()
        #expect(clock.read(system: 100, monotonic: 7) == 100)
        #expect(clock.read(system: 110, monotonic: 17) == 110)
        #expect(clock.read(system: 110, monotonic: 17) == 110)
    }

    @Test("follows a forward step at once")
    func forward() {
        var clock = WallClock()
        _ = clock.read(system: 0, monotonic: 0)
        #expect(clock.read(system: 3600 * Self.second, monotonic: 1) == 3600 * Self.second)
    }

    @Test("follows a clock that runs a little slow")
    func slow() {
        var clock = WallClock()
        _ = clock.read(system: 0, monotonic: 0)
        #expect(clock.read(system: 999_500, monotonic: 1_000_000) == 999_500)
    }

    @Test("goes on at nine tenths of its speed after a backward step, until the system's clock has caught up")
    func backward() {
        var clock = WallClock()
        let start = 10_000 * Self.second
        _ = clock.read(system: start, monotonic: 0)
        // The system's clock steps back by 100 s; every second it makes up a tenth of one.
        var last = start
        for seconds in Int64(1)...999 {
            let shown = clock.read(system: start + (seconds - 100) * Self.second, monotonic: seconds * Self.second)
            #expect(shown == last + Self.second / 10 * 9)
            last = shown
        }
        #expect(
            clock.read(system: start + 900 * Self.second, monotonic: 1000 * Self.second) == start + 900 * Self.second
        )
        #expect(
            clock.read(system: start + 901 * Self.second, monotonic: 1001 * Self.second) == start + 901 * Self.second
        )
    }

    @Test("never goes back over many random steps")
    func randomSteps() {
        var generator = Steps(state: 1)
        var clock = WallClock()
        var system: Int64 = 1_000_000 * Self.second
        var monotonic: Int64 = 0
        var last = Int64.min
        for _ in 0..<10_000 {
            let elapsed = Int64.random(in: 0...Self.second, using: &generator)
            monotonic += elapsed
            system += elapsed
            if Int.random(in: 0..<20, using: &generator) == 0 {
                system += Int64.random(in: -7200...7200, using: &generator) * Self.second
            }
            let shown = clock.read(system: system, monotonic: monotonic)
            #expect(shown >= last)
            #expect(shown >= system)
            last = shown
        }
    }

    @Test("readings that arrive in the wrong order do not go back")
    func disorder() {
        var clock = WallClock()
        _ = clock.read(system: 1000, monotonic: 1000)
        #expect(clock.read(system: 990, monotonic: 990) == 1000)
        #expect(clock.read(system: 1010, monotonic: 1010) == 1010)
    }
}

/// A linear congruential generator: enough to place steps.
private struct Steps: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ state >> 29
    }
}
