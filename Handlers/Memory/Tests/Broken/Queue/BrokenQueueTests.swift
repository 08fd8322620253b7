internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("Each law of queues finds a broken queue that no other law finds")
struct BrokenQueueTests {
    private static let check = MutationCheck(laws: QueueLaw.all, defects: QueueDefect.all, sample: 8)

    @Test("every law has a queue that breaks it")
    func coverage() {
        Self.check.expectEveryLawHasADefect()
    }

    @Test("a broken queue breaks its law alone", arguments: QueueDefect.all)
    func mutation(_ defect: QueueDefect) async throws {
        try await Self.check.expectOnlyItsLaw(finds: defect)
    }
}
