internal import AuraConformance
internal import AuraEffects
internal import Testing

@Suite("Each law of random numbers finds a broken source that no other law finds")
struct BrokenRandomTests {
    private static let check = MutationCheck(laws: RandomLaw.all, defects: RandomDefect.all, sample: 3)

    @Test("every law has a source that breaks it")
    func coverage() {
        Self.check.expectEveryLawHasADefect()
    }

    @Test("a broken source breaks its law alone", arguments: RandomDefect.all)
    func mutation(_ defect: RandomDefect) async throws {
        try await Self.check.expectOnlyItsLaw(finds: defect)
    }
}
