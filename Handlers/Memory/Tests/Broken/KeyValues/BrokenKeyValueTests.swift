internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("Each law of key-values finds a broken table that no other law finds")
struct BrokenKeyValueTests {
    private static let check = MutationCheck(laws: KeyValueLaw.all, defects: KeyValueDefect.all, sample: 8)

    @Test("every law has a table that breaks it")
    func coverage() {
        Self.check.expectEveryLawHasADefect()
    }

    @Test("a broken table breaks its law alone", arguments: KeyValueDefect.all)
    func mutation(_ defect: KeyValueDefect) async throws {
        try await Self.check.expectOnlyItsLaw(finds: defect)
    }
}
