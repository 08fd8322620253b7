internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("Each law of functions finds a broken handler that no other law finds")
struct BrokenFunctionTests {
    private static let check = MutationCheck(laws: FunctionLaw.all, defects: FunctionDefect.all)

    @Test("every law has a handler that breaks it")
    func coverage() {
        Self.check.expectEveryLawHasADefect()
    }

    @Test("a broken handler breaks its law alone", arguments: FunctionDefect.all)
    func mutation(_ defect: FunctionDefect) async throws {
        try await Self.check.expectOnlyItsLaw(finds: defect)
    }
}
