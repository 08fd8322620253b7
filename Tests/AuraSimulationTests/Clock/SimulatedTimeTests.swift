internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import AuraSimulation

@Suite("The laws on a simulated machine's clocks")
struct SimulatedTimeLawTests {
    private static let laws = TimeLaw.applicable(to: SimulatedTimeHarness(isManual: true, drift: 0))

    @Test("on the machine's time", arguments: laws, [0, 300, -300])
    func system(_ law: TimeLaw, drift: Int) async throws {
        try await law.check(SimulatedTimeHarness(isManual: false, drift: drift))
    }

    @Test("on a manual clock", arguments: laws, [0, 50_000, -200_000])
    func manual(_ law: TimeLaw, drift: Int) async throws {
        try await law.check(SimulatedTimeHarness(isManual: true, drift: drift))
    }

    @Test("only the law of manual clocks does not apply")
    func coverage() {
        let harness = SimulatedTimeHarness(isManual: true, drift: 0)
        let unmet = TimeLaw.all.flatMap { $0.unmetRequirements(of: harness) }
        #expect(unmet == [.capability(.manual)])
    }
}

@Suite("A simulated machine's clocks", .timeLimit(.minutes(5)))
struct SimulatedTimeTests {
    private let base = ManualTimeHandler()

    private func trueTime(of clock: SimulatedTimeHandler) -> Duration {
        .nanoseconds(clock.now.nanosecondsSinceEpoch - base.now.nanosecondsSinceEpoch)
    }

    @Test("the wall clock is off by its skew, and by its drift as time passes")
    func skewAndDrift() {
        let clock = SimulatedTimeHandler(base: base, skew: .seconds(-2), drift: 100)
        #expect(trueTime(of: clock) == .seconds(-2))
        base.advance(by: .seconds(3600))
        #expect(trueTime(of: clock) == .seconds(-2) + .milliseconds(360))
        #expect(clock.monotonicNow.nanoseconds == 3_600_360_000_000)
        clock.changeDrift(by: -200)
        base.advance(by: .seconds(3600))
        #expect(trueTime(of: clock) == .seconds(-2))
        #expect(clock.monotonicNow.nanoseconds == 7_200_000_000_000)
    }

    @Test("a jump forwards shows at once, a jump backwards is caught up with slowly")
    func jumps() {
        let clock = SimulatedTimeHandler(base: base)
        clock.jumpWallClock(by: .seconds(10))
        #expect(trueTime(of: clock) == .seconds(10))
        clock.jumpWallClock(by: .seconds(-15))
        #expect(trueTime(of: clock) == .seconds(10))
        base.advance(by: .seconds(100))
        #expect(trueTime(of: clock) == .zero)
        base.advance(by: .seconds(100))
        #expect(trueTime(of: clock) == .seconds(-5))
        #expect(clock.monotonicNow.nanoseconds == 200_000_000_000)
    }

    @Test("a process that starts again sees the machine's clock, also where that has jumped back")
    func restart() {
        let clock = SimulatedTimeHandler(base: base, drift: 500)
        _ = clock.now
        clock.jumpWallClock(by: .seconds(-60))
        base.advance(by: .seconds(1))
        let restarted = clock.restarted()
        #expect(trueTime(of: restarted) == .seconds(-60) + .microseconds(500))
        #expect(restarted.monotonicNow == clock.monotonicNow)
        restarted.jumpWallClock(by: .seconds(120))
        #expect(trueTime(of: clock) == .seconds(60) + .microseconds(500))
    }

    @Test("a declared uncertainty covers how far the clock is off; without one there is none")
    func uncertainty() {
        let clock = SimulatedTimeHandler(base: base, skew: .milliseconds(2), uncertainty: .milliseconds(5))
        #expect(clock.now.uncertainty == .milliseconds(5))
        clock.jumpWallClock(by: .seconds(-9))
        #expect(clock.now.uncertainty == .milliseconds(5))
        base.advance(by: .seconds(90))
        #expect(clock.now.uncertainty == .milliseconds(8998))
        #expect(SimulatedTimeHandler(base: base).now.uncertainty == nil)
    }

    @Test("a sleep ends when the machine's own clock shows its deadline", arguments: [-250_000, -7, 0, 3, 250_000])
    func sleep(drift: Int) async throws {
        let clock = SimulatedTimeHandler(base: base, drift: drift)
        let deadline = clock.monotonicNow.advanced(by: .seconds(60))
        let sleeper = Task { try await clock.sleep(until: deadline) }
        try await base.waitForSleepers(1)
        let wakes = try #require(base.nextDeadline)
        base.advance(to: MonotonicInstant(nanoseconds: wakes.nanoseconds - 1))
        #expect(clock.monotonicNow < deadline)
        base.advance(by: .nanoseconds(1))
        #expect(clock.monotonicNow >= deadline)
        try await sleeper.value
    }

    @Test("a sleep whose clock becomes slower does not end early")
    func slowedSleep() async throws {
        let clock = SimulatedTimeHandler(base: base)
        let deadline = clock.monotonicNow.advanced(by: .seconds(60))
        let sleeper = Task { try await clock.sleep(until: deadline) }
        try await base.waitForSleepers(1)
        base.advance(by: .seconds(30))
        clock.changeDrift(by: -500_000)
        base.advance(by: .seconds(30))
        try await base.waitForSleepers(1)
        #expect(clock.monotonicNow < deadline)
        base.advance(by: .seconds(30))
        try await sleeper.value
    }

    @Test("a drifting clock never goes back, and finds the moment of any reading")
    func moments() {
        var generator = SplitMix64(state: 7)
        for drift in [-999_999, -500_001, -13, -1, 0, 1, 999, 1_000_000, 5_000_003] as [Int64] {
            var clock = DriftingClock(drift: drift, at: 5000)
            var base: Int64 = 5000
            var last = clock.reading(at: base)
            for round in 0..<500 {
                base += Int64.random(in: 0..<(round % 2 == 0 ? 5 : 5_000_000_000), using: &generator)
                let reading = clock.reading(at: base)
                #expect(reading >= last)
                last = reading
                let wanted = reading + Int64.random(in: 1..<1_000_000_000, using: &generator)
                let moment = clock.moment(of: wanted)
                #expect(clock.reading(at: moment) >= wanted && clock.reading(at: moment - 1) < wanted)
                if round % 100 == 99 { clock.setDrift(drift / 2, at: base) }
            }
            #expect(clock.moment(of: .max) > Int64.max / 8)
        }
    }
}
