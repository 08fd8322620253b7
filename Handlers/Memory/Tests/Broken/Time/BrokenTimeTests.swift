internal import AuraConformance
internal import AuraEffects
internal import Testing

@Suite("Each law of time finds a broken clock that no other law finds")
struct BrokenTimeTests {
    private static let check = MutationCheck(laws: TimeLaw.all, defects: TimeDefect.all, sample: 4)

    @Test("every law has a clock that breaks it")
    func coverage() {
        Self.check.expectEveryLawHasADefect()
    }

    @Test("a clock that is not broken breaks none", arguments: TimeLaw.applicable(to: BrokenSteppedTimeHarness()))
    func sound(_ law: TimeLaw) async throws {
        try await law.check(BrokenSteppedTimeHarness())
    }

    @Test("a broken clock breaks its law alone", arguments: TimeDefect.all)
    func mutation(_ defect: TimeDefect) async throws {
        try await Self.check.expectOnlyItsLaw(finds: defect)
    }
}
