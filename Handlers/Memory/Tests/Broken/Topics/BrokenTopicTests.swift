internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("Each law of topics finds a broken handler that no other law finds")
struct BrokenTopicTests {
    private static let check = MutationCheck(laws: TopicLaw.all, defects: TopicDefect.all, sample: 8)

    @Test("every law has a handler that breaks it")
    func coverage() {
        Self.check.expectEveryLawHasADefect()
    }

    @Test("a broken handler breaks its law alone", arguments: TopicDefect.all)
    func mutation(_ defect: TopicDefect) async throws {
        try await Self.check.expectOnlyItsLaw(finds: defect)
    }
}
