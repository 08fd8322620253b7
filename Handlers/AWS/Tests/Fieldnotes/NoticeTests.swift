#if AWS
internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import FieldnotesCore
internal import Testing

@testable internal import AuraAWS

@Suite("Fieldnotes' notices of changes on SQS and SNS, by moto", .serialized)
struct NoticeTests {
    private func worker(_ services: TestServices) -> EffectSystem {
        var effects = EffectSystem()
        effects.time = services.time
        effects.random = SystemRandomHandler()
        effects.journal = MemoryJournalHandler(time: effects.time, random: effects.random)
        effects.storage = MemoryStorageHandler()
        return effects
    }

    private func index(
        _ effects: EffectSystem,
        on channel: NoticeChannel,
        _ send: ([UInt8]) async throws -> Void
    ) async throws {
        let search = SearchWorker(effects, on: channel)
        try await search.prepare()
        _ = try await Notebook(effects).add(Array("a heron at the weir".utf8), tags: [])
        let notice = try #require(try await ChangeAnnouncer(effects, on: channel).announce())
        // It comes twice, beside what is no notice.
        for body in [notice.body, [0xFF]] { try await send(body) }
        var (indexed, repeated, refused) = (0, 0, 0)
        // One call may receive fewer messages than wait.
        for _ in 0..<20 {
            let report = try await search.step()
            indexed += report.indexed
            repeated += report.repeated
            refused += report.refused
        }
        // Both may be received at once.
        #expect(indexed >= 1 && indexed + repeated == 2 && refused > 0)
        #expect(try await NoteSearch(Notebook(effects)).run("heron", limit: 10).hits.count == 1)
    }

    @Test("a worker indexes what the queue announces, and what is no notice becomes a dead letter")
    func queue() async throws {
        let services = TestServices.shared()
        let queue = try await services.queue(deliveries: 3)
        var effects = worker(services)
        effects.queue = queue
        try await index(effects, on: .queue) { try await queue.send(QueueMessage($0)) }
        let dead = try await queue.receive(.deadLetters, limit: 10, visibility: .seconds(30), wait: .zero)
        #expect(dead.map(\.body) == [[0xFF]])
        await services.close()
    }

    @Test("a worker indexes what its subscription announces, and what is no notice is dropped")
    func topic() async throws {
        let services = TestServices.shared()
        let topics = try await services.topics()
        var effects = worker(services)
        effects.topics = topics
        try await index(effects, on: .topic("notes", as: "search")) {
            try await topics.publish(TopicMessage($0), to: "notes")
        }
        await topics.stop()
        await services.close()
    }
}
#endif
