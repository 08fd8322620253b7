#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Testing

@testable internal import AuraAWS

@Suite("SNS in trouble, by moto", .serialized)
struct SNSTests {
    private let services: TestServices

    init() throws {
        let server = try Self.server.get()
        try server.set([StoreServer.Fault]())
        services = try TestServices(server)
    }

    /// One server for these tests, which ask it for faults one after the other.
    private static let server = Result { try StoreServer() }

    private let retrying = TestServices.plain.retryPolicy(.fixed(.milliseconds(5), attempts: 3))

    private func texts(_ topics: SNSPubSubHandler) async throws -> [String] {
        let messages = try await topics.receive(from: "one", limit: 10, visibility: .seconds(600), wait: .zero)
        return messages.map { String(decoding: $0.body, as: UTF8.self) }.sorted()
    }

    private func messages(_ count: Int) -> [TopicMessage] { (0..<count).map { TopicMessage(Array("\($0)".utf8)) } }

    private func topics(_ config: CloudConfig = TestServices.plain) async throws -> SNSPubSubHandler {
        let topics = try await services.topics(config)
        try await topics.createTopic("a")
        try await topics.subscribe(Subscription("one", to: "a"))
        return topics
    }

    @Test("of a batch that is published in part each message says what became of it")
    func partial() async throws {
        let topics = try await topics()
        try services.server.set([.init(match: "PublishBatch", leave: 2)])
        let results = try await topics.publish(messages(5), to: "a")
        for result in results.prefix(3) { _ = try result.get() }
        for result in results.suffix(2) {
            guard case .failed(let error) = result else {
                Issue.record("a message that was left out counts as published")
                continue
            }
            #expect(error.code == .throttled && error.outcome == .notApplied)
        }
        #expect(try await texts(topics) == ["0", "1", "2"])
        await topics.stop()
        await services.close()
    }

    @Test("what is not published twice by itself says whether it was, and what may be repeated is")
    func lostAnswers() async throws {
        let topics = try await topics(retrying)
        try services.server.set([.init(match: "CreateTopic", drop: "after")])
        try await topics.createTopic("a")
        try services.server.set([.init(match: "PublishBatch", status: 400, code: "Throttled")])
        try await topics.publish(TopicMessage([0x31]), to: "a")
        try services.server.set([.init(match: "PublishBatch", drop: "after")])
        let error = await #expect(throws: EffectError.self) {
            _ = try await topics.publish(TopicMessage([0x32]), to: "a")
        }
        #expect(error?.outcome == .unknown)
        #expect(try await texts(topics) == ["1", "2"])
        await topics.stop()
        await services.close()
    }

    @Test("messages too large for one request are published by several")
    func largeBatches() async throws {
        let topics = try await topics()
        let large = (0..<4).map { TopicMessage(Array(repeating: UInt8(ascii: "a") + $0, count: 100_000)) }
        let before = try services.server.state.requests.count
        for result in try await topics.publish(large, to: "a") { _ = try result.get() }
        let sent = try services.server.state.requests.dropFirst(before)
        #expect(sent.filter { $0.contains("PublishBatch") }.count == 2)
        #expect(try await texts(topics).map(\.count) == [100_000, 100_000, 100_000, 100_000])
        await topics.stop()
        await services.close()
    }

    @Test("the end of a subscription that broke off is taken up again, and leaves queues of others alone")
    func interruptedEnd() async throws {
        let topics = try await topics()
        _ = try await topics.publish(messages(1), to: "a")
        try services.server.set([.init(match: "DeleteQueue", status: 403, code: "AccessDenied")])
        await #expect(throws: EffectError.self) { try await topics.unsubscribe("one") }
        #expect(try await topics.subscriptions(of: "a") == [])
        try await topics.unsubscribe("one")
        try await topics.subscribe(Subscription("one", to: "a"))
        #expect(try await texts(topics) == [])
        let queue = try topics.queue(of: "of_others", in: "test")
        let create = SQSService.Operation.createQueue.effectOperation
        _ = try await topics.queues.send(create, ["QueueName": "of_others"], for: "test")
        try await topics.unsubscribe("of_others")
        #expect(try await queue.receive(limit: 1, visibility: .seconds(1)) == [])
        await topics.stop()
        await services.close()
    }

    @Test("a filter of an empty value, and an address that is none, are refused")
    func refusals() async throws {
        let topics = try await topics()
        let wanted = [
            Subscription("two", to: "a", filter: ["kind": [""]]), Subscription("two", to: "a", filter: ["kind": []]),
            Subscription("two", to: "a", delivery: .push(to: "mailto:a@example.com")),
        ]
        for subscription in wanted {
            let error = await #expect(throws: EffectError.self) { try await topics.subscribe(subscription) }
            #expect(error?.code == .invalidArgument)
        }
        #expect(try await topics.subscriptions(of: "a").map(\.name) == ["one"])
        await topics.stop()
        await services.close()
    }

    @Test("attributes of a topic are set and read, and a topic that is not there says what to do")
    func attributes() async throws {
        let topics = try await topics()
        let sns = SNSTopics(handler: topics)
        try await sns.setAttribute("DisplayName", to: "A & B", of: "a")
        #expect(try await sns.attributes(of: "a")["DisplayName"] == "A & B")
        let error = await #expect(throws: EffectError.self) { _ = try await sns.attributes(of: "none") }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("Create the topic first.") == true)
        await topics.stop()
        await services.close()
    }
}
#endif
