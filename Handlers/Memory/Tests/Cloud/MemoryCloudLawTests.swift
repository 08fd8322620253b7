internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

@Suite("The laws on a cloud in memory")
struct MemoryCloudLawTests {
    @Test("objects", arguments: ObjectLaw.applicable(to: MemoryObjectHarness()))
    func objects(_ law: ObjectLaw) async throws {
        try await law.check(MemoryObjectHarness())
    }

    @Test("key-values", arguments: KeyValueLaw.applicable(to: MemoryKeyValueHarness()))
    func keyValues(_ law: KeyValueLaw) async throws {
        try await law.check(MemoryKeyValueHarness())
    }

    @Test("queue", arguments: QueueLaw.applicable(to: MemoryQueueHarness()))
    func queue(_ law: QueueLaw) async throws {
        try await law.check(MemoryQueueHarness())
    }

    @Test("topics", arguments: TopicLaw.applicable(to: MemoryTopicHarness()))
    func topics(_ law: TopicLaw) async throws {
        try await law.check(MemoryTopicHarness())
    }

    @Test("functions", arguments: FunctionLaw.applicable(to: MemoryFunctionHarness()))
    func functions(_ law: FunctionLaw) async throws {
        try await law.check(MemoryFunctionHarness())
    }

    @Test("only what memory does not lack does not apply to it")
    func coverage() {
        let objects = Set(ObjectLaw.all.flatMap { $0.unmetRequirements(of: MemoryObjectHarness()) })
        #expect(objects == [.lacks(.arbitraryKeys), .lacks(.conditionalRemoval), .lacks(.presignedURLs)])
        let keyValues = Set(KeyValueLaw.all.flatMap { $0.unmetRequirements(of: MemoryKeyValueHarness()) })
        #expect(keyValues == [.lacks(.strongReads), .lacks(.transactions)])
        let queue = Set(QueueLaw.all.flatMap { $0.unmetRequirements(of: MemoryQueueHarness()) })
        let declared: [Capability] = [.receive, .deadLetters, .delay, .fifo, .deduplication]
        #expect(queue == Set(declared.map { .lacks($0) }))
        let topics = Set(TopicLaw.all.flatMap { $0.unmetRequirements(of: MemoryTopicHarness()) })
        #expect(topics == [.lacks(.receive), .lacks(.filters), .lacks(.fifo), .lacks(.push)])
        let functions = Set(FunctionLaw.all.flatMap { $0.unmetRequirements(of: MemoryFunctionHarness()) })
        #expect(functions == [.lacks(.invokeAsync)])
    }
}
