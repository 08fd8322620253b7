internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import FieldnotesCore

@Suite("Notices of changes, in memory")
struct NoticeTests {
    private let fixture: Fixture
    private let writer: EffectSystem
    private let worker: EffectSystem

    /// A writer and a worker who share a journal, a queue and topics, each with a storage of its own.
    init() {
        fixture = Fixture()
        var writer = fixture.effects
        writer.queue = MemoryQueueHandler(time: fixture.time, deliveries: 3)
        writer.topics = MemoryPubSubHandler(time: fixture.time)
        self.writer = writer
        var worker = writer
        worker.storage = MemoryStorageHandler()
        self.worker = worker
    }

    private func found(_ word: String) async throws -> Int {
        try await NoteSearch(Notebook(worker)).run(word, limit: 10).hits.count
    }

    private static let channels: [NoticeChannel] = [.queue, .topic("notes", as: "search")]

    @Test("a worker indexes what was announced, and nothing is announced twice", arguments: channels)
    func indexing(_ channel: NoticeChannel) async throws {
        let (announcer, search) = (ChangeAnnouncer(writer, on: channel), SearchWorker(worker, on: channel))
        for _ in 0..<2 { try await search.prepare() }
        #expect(try await announcer.announce() == nil)
        _ = try await Notebook(writer).add(Array("a heron at the weir".utf8), tags: [])
        #expect(try await announcer.announce() != nil)
        #expect(try await announcer.announce() == nil)
        #expect(try await found("heron") == 0)
        #expect(try await search.step() == .init(indexed: 1))
        #expect(try await found("heron") == 1)
        #expect(try await search.step() == .init())
    }

    @Test("a notice that comes again changes nothing", arguments: channels)
    func repeated(_ channel: NoticeChannel) async throws {
        let (announcer, search) = (ChangeAnnouncer(writer, on: channel), SearchWorker(worker, on: channel))
        try await search.prepare()
        _ = try await Notebook(writer).add(Array("a heron".utf8), tags: [])
        let notice = try #require(try await announcer.announce())
        let path = NoticePath(effects: writer, channel: channel)
        for _ in 0..<2 { try await path.send(notice) }
        #expect(try await search.step() == .init(indexed: 3))
        let index = try await worker.storage.list(prefix: ProjectionKey.prefix, after: nil, limit: 1000)
        try await path.send(notice)
        #expect(try await search.step() == .init(repeated: 1))
        #expect(try await worker.storage.list(prefix: ProjectionKey.prefix, after: nil, limit: 1000) == index)
    }

    @Test("a worker that ends before it acknowledges leaves the notice to the next one")
    func crash() async throws {
        let announcer = ChangeAnnouncer(writer, on: .queue)
        _ = try await Notebook(writer).add(Array("a heron".utf8), tags: [])
        try await announcer.announce()
        let held = try await NoticePath(effects: worker, channel: .queue).receive(wait: .zero)
        try await Notebook(worker).catchUp()
        #expect(try await SearchWorker(worker, on: .queue).step() == .init())
        try await worker.queue.extend(held[0].receipt, by: .zero)
        #expect(try await SearchWorker(worker, on: .queue).step() == .init(repeated: 1))
    }

    @Test("what is no notice becomes a dead letter, and holds up nobody")
    func poison() async throws {
        let search = SearchWorker(worker, on: .queue)
        for body in ["", "fieldnotes-changed 1 ", "fieldnotes-changed 1 07", "fieldnotes-changed 2 7"] {
            try await writer.queue.send(QueueMessage(Array(body.utf8)))
        }
        _ = try await Notebook(writer).add(Array("a heron".utf8), tags: [])
        try await ChangeAnnouncer(writer, on: .queue).announce()
        #expect(try await search.step() == .init(indexed: 1, refused: 4))
        for _ in 0..<2 { #expect(try await search.step() == .init(refused: 4)) }
        #expect(try await search.step() == .init())
        let dead = try await writer.queue.receive(.deadLetters, limit: 10, visibility: .seconds(30), wait: .zero)
        #expect(dead.count == 4)
        #expect(try await found("heron") == 1)
    }

    @Test("what is no notice is dropped by a subscription, which has no dead letters")
    func poisonOfTopic() async throws {
        let channel = NoticeChannel.topic("notes", as: "search")
        let search = SearchWorker(worker, on: channel)
        try await search.prepare()
        try await writer.topics.publish(TopicMessage([0xFF]), to: "notes")
        for _ in 0..<5 { #expect(try await search.step() == .init(refused: 1)) }
        #expect(try await search.step() == .init())
    }

    @Test("a notice of what the journal does not have yet comes again")
    func early() async throws {
        let path = NoticePath(effects: writer, channel: .queue)
        try await path.send(ChangeNotice(Position(rawValue: 1)))
        let search = SearchWorker(worker, on: .queue)
        #expect(try await search.step() == .init(early: 1))
        #expect(try await search.step() == .init())
        fixture.time.advance(by: .seconds(10))
        _ = try await Notebook(writer).add(Array("a heron".utf8), tags: [])
        #expect(try await search.step() == .init(indexed: 1))
    }
}
