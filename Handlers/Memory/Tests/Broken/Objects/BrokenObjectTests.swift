internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("Each law of objects finds a broken bucket that no other law finds")
struct BrokenObjectTests {
    private static let check = MutationCheck(laws: ObjectLaw.all, defects: ObjectDefect.all, sample: 8)

    @Test("every law has a bucket that breaks it")
    func coverage() {
        Self.check.expectEveryLawHasADefect()
    }

    @Test("a broken bucket breaks its law alone", arguments: ObjectDefect.all)
    func mutation(_ defect: ObjectDefect) async throws {
        try await Self.check.expectOnlyItsLaw(finds: defect)
    }
}
