internal import AuraConformance
internal import AuraEffects
internal import AuraSystem
internal import Testing

@Suite("The laws on the system handlers")
struct SystemLawTests {
    @Test("time", arguments: TimeLaw.applicable(to: SystemTimeHarness()))
    func time(_ law: TimeLaw) async throws {
        try await law.check(SystemTimeHarness())
    }

    @Test("time whose system steps", arguments: TimeLaw.applicable(to: SteppedTimeHarness()))
    func steppedTime(_ law: TimeLaw) async throws {
        try await law.check(SteppedTimeHarness())
    }

    @Test("random", arguments: RandomLaw.applicable(to: SystemRandomHarness()))
    func random(_ law: RandomLaw) async throws {
        try await law.check(SystemRandomHarness())
    }

    @Test("only what a test cannot do to a machine does not apply to it")
    func coverage() {
        let time = TimeLaw.all.flatMap { $0.unmetRequirements(of: SystemTimeHarness()) }
        let random = RandomLaw.all.flatMap { $0.unmetRequirements(of: SystemRandomHarness()) }
        let steppedTime = TimeLaw.all.flatMap { $0.unmetRequirements(of: SteppedTimeHarness()) }
        #expect(Set(time) == [.ability(.stepWallClock), .capability(.manual)])
        #expect(Set(steppedTime) == [.capability(.manual)])
        #expect(Set(random) == [.ability(.reseed)])
    }
}

struct SystemTimeHarness: TimeHarness {
    var capabilities: Capabilities { Capabilities() }

    func make() async throws -> any TimeEffects {
        SystemTimeHandler()
    }

    // Time passes by itself.
    func letTimePass(_ duration: Duration, on time: any TimeEffects) async throws {}

    func finish() async {}
}

struct SystemRandomHarness: RandomHarness {
    var capabilities: Capabilities { SystemRandomHandler.capabilities }

    func make() async throws -> any RandomEffects {
        SystemRandomHandler()
    }

    func finish() async {}
}
