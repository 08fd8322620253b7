internal import AuraEffects
internal import Testing

@testable internal import AuraMemory

@Suite("Manual time and seeded random numbers")
struct TimeAndRandomTests {
    @Test("sleepers wake when their time has come, and not before")
    func sleeping() async throws {
        let time = ManualTimeHandler()
        let tasks = [30, 10, 20]
            .map { seconds in
                Task { () async throws -> Int in
                    try await time.sleep(for: .seconds(seconds))
                    return seconds
                }
            }
        try await time.waitForSleepers(3)
        #expect(time.nextDeadline == MonotonicInstant(nanoseconds: 10_000_000_000))
        time.advance(by: .seconds(20))
        #expect(time.nextDeadline == MonotonicInstant(nanoseconds: 30_000_000_000))
        #expect(try await tasks[1].value == 10)
        #expect(try await tasks[2].value == 20)
        time.advance(to: MonotonicInstant(nanoseconds: 30_000_000_000))
        time.advance(to: .init(nanoseconds: 5))
        #expect(try await tasks[0].value == 30)
        #expect(time.nextDeadline == nil)
        #expect(time.monotonicNow == MonotonicInstant(nanoseconds: 30_000_000_000))
    }

    @Test("cancellation ends a sleep and forgets it")
    func cancellation() async throws {
        let time = ManualTimeHandler()
        let task = Task { await errorCode { () throws(EffectError) in try await time.sleep(for: .seconds(1)) } }
        try await time.waitForSleepers(1)
        task.cancel()
        #expect(await task.value == .cancelled)
        #expect(time.nextDeadline == nil)
    }

    @Test("both clocks advance together, and the wall clock jumps alone")
    func wallClock() {
        let time = ManualTimeHandler(start: WallTime(nanosecondsSinceEpoch: 1_000))
        time.advance(by: .nanoseconds(5))
        #expect(time.now.nanosecondsSinceEpoch == 1_005)
        time.jumpWallClock(by: .nanoseconds(-500))
        #expect(time.now.nanosecondsSinceEpoch == 505)
        #expect(time.monotonicNow == MonotonicInstant(nanoseconds: 5))
        #expect(ManualTimeHandler().now.millisecondsSinceEpoch == 1_767_225_600_000)
    }

    @Test("the handler is a clock of the standard library")
    func clock() async throws {
        let time = ManualTimeHandler()
        let task = Task {
            try await time.clock.sleep(until: time.clock.now.advanced(by: .seconds(1)), tolerance: nil)
            try await time.clock.sleep(for: .seconds(2))
            return time.clock.now
        }
        try await time.waitForSleepers(1)
        time.advance(by: .seconds(1))
        try await time.waitForSleepers(1)
        time.advance(by: .seconds(2))
        #expect(try await task.value == MonotonicInstant(nanoseconds: 3_000_000_000))
        try await time.clock.sleep(until: MonotonicInstant(nanoseconds: 0), tolerance: nil)
    }

    @Test("the standard library draws from the handler")
    func generator() {
        let random = SeededRandomHandler(seed: 7)
        var generator = random.generator
        let same = SeededRandomHandler(seed: 7)
        #expect(generator.next() == same.nextUInt64())
        #expect(random.nextUInt128() == UInt128(same.nextUInt64()) << 64 | UInt128(same.nextUInt64()))
        let numbers = (0..<2000).map { _ in Int.random(in: -3...3, using: &generator) }
        #expect(Set(numbers) == Set(-3...3))
        let shuffled = Array(0..<100).shuffled(using: &generator)
        #expect(shuffled != Array(0..<100))
        #expect(shuffled.sorted() == Array(0..<100))
    }

    /// The numbers that other implementations of the generators publish for these states.
    @Test("the generators give the published numbers")
    func vectors() {
        var splitMix = SplitMix64(state: 1_234_567)
        #expect(
            (0..<5).map { _ in splitMix.next() } == [
                6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
                4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
            ]
        )
        var xoshiro = Xoshiro256StarStar(state: (1, 2, 3, 4))
        #expect(
            (0..<7).map { _ in xoshiro.next() } == [
                11_520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
                607_988_272_756_665_600, 16_172_922_978_634_559_625,
            ]
        )
    }

    @Test("a seed gives the same numbers and bytes every time")
    func seeds() {
        let random = SeededRandomHandler(seed: 42)
        #expect(
            (0..<3).map { _ in random.nextUInt64() }
                == [0x1578_0b2e_0c2e_c716, 0x6104_d986_6d11_3a7e, 0xae17_5332_39e4_99a1]
        )
        #expect(
            SeededRandomHandler(seed: 42).bytes(10)
                == [0x16, 0xc7, 0x2e, 0x0c, 0x2e, 0x0b, 0x78, 0x15, 0x7e, 0x3a]
        )
        #expect(SeededRandomHandler(seed: 1).nextUInt64() != SeededRandomHandler(seed: 2).nextUInt64())
    }
}
