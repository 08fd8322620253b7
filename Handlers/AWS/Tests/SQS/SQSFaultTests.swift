#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import Testing

@testable internal import AuraAWS

@Suite("SQS in trouble", .serialized)
struct SQSFaultTests {
    private let services: TestServices

    init() throws {
        let server = try Self.server.get()
        try server.set([StoreServer.Fault]())
        services = try TestServices(server)
    }

    /// One server for these tests, which ask it for faults one after the other.
    private static let server = Result { try StoreServer() }

    private let retrying = TestServices.plain.retryPolicy(.fixed(.milliseconds(5), attempts: 3))

    private func failure(_ body: () async throws -> Void) async -> EffectError? {
        await #expect(throws: EffectError.self) { try await body() }
    }

    private func texts(_ queue: SQSQueueHandler) async throws -> [String] {
        var texts: [String] = []
        while true {
            let messages = try await queue.receive(limit: 10, visibility: .seconds(600))
            if messages.isEmpty { return texts.sorted() }
            texts += messages.map { String(decoding: $0.body, as: UTF8.self) }
        }
    }

    private func messages(_ count: Int) -> [QueueMessage] { (0..<count).map { QueueMessage(Array("\($0)".utf8)) } }

    @Test("of a batch that is sent in part each message says what became of it")
    func partialSending() async throws {
        let queue = try await services.queue()
        try services.server.set([.init(match: "SendMessageBatch", leave: 2)])
        let results = try await queue.send(messages(5))
        for result in results.prefix(3) { _ = try result.get() }
        for result in results.suffix(2) {
            guard case .failed(let error) = result else {
                Issue.record("a message that was left out counts as sent")
                continue
            }
            #expect(error.code == .throttled)
            #expect(error.outcome == .notApplied)
        }
        #expect(try await texts(queue) == ["0", "1", "2"])
        await services.close()
    }

    @Test("of receipts that are acknowledged in part each says what became of it")
    func partialAcknowledgement() async throws {
        let queue = try await services.queue()
        _ = try await queue.send(messages(3))
        let received = try await queue.receive(limit: 3, visibility: .seconds(600))
        try services.server.set([.init(match: "DeleteMessageBatch", leave: 1)])
        let results = try await queue.acknowledge(received.map(\.receipt))
        let failed = results.filter { if case .failed = $0 { true } else { false } }
        #expect(failed.count == 1)
        for result in try await queue.acknowledge(received.map(\.receipt)) { try result.get() }
        #expect(try await SQSQueue(handler: queue).counts().hidden == 0)
        await services.close()
    }

    @Test("what is sent again to a FIFO queue is there once, and a standard queue is not sent it again")
    func lostAnswers() async throws {
        let ordered = try await services.queue(isOrdered: true, retrying)
        try services.server.set([.init(match: "SendMessageBatch", drop: "after")])
        for result in try await ordered.send(messages(2)) { _ = try result.get() }
        #expect(try await texts(ordered) == ["0", "1"])
        let standard = try await services.queue(retrying)
        try services.server.set([.init(match: "SendMessageBatch", drop: "after")])
        let error = await failure { _ = try await standard.send(messages(1)) }
        #expect(error?.outcome == .unknown)
        #expect(try await texts(standard) == ["0"])
        await services.close()
    }

    @Test("messages too large for one request are sent by several")
    func largeBatches() async throws {
        let queue = try await services.queue()
        let large = (0..<4).map { QueueMessage(Array(repeating: UInt8(ascii: "a") + $0, count: 100_000)) }
        let before = try services.server.state.requests.count
        for result in try await queue.send(large) { _ = try result.get() }
        let sent = try services.server.state.requests.dropFirst(before)
        #expect(sent.filter { $0.contains("SendMessageBatch") }.count == 2)
        #expect(try await texts(queue).map(\.count) == [100_000, 100_000, 100_000, 100_000])
        try await SQSQueue(handler: queue).purge()
        #expect(try await SQSQueue(handler: queue).counts() == .init(waiting: 0, hidden: 0, delayed: 0))
        await services.close()
    }

    @Test("a message that nobody can deal with goes to the dead letters, and holds up no others")
    func poison() async throws {
        let queue = try await services.queue(deliveries: 3)
        let poison = QueueMessage(Array("poison".utf8))
        for result in try await queue.send(messages(2) + [poison] + messages(2)) { _ = try result.get() }
        var dealtWith: [String] = []
        var deliveries: [Int] = []
        while true {
            let received = try await queue.receive(limit: 10, visibility: .seconds(600))
            if received.isEmpty { break }
            for message in received {
                guard message.body != poison.body else {
                    deliveries.append(message.deliveryCount)
                    // Whoever fails by it gives it back at once.
                    try await queue.extend(message.receipt, by: .zero)
                    continue
                }
                dealtWith.append(String(decoding: message.body, as: UTF8.self))
                for result in try await queue.acknowledge([message.receipt]) { try result.get() }
            }
        }
        #expect(dealtWith.sorted() == ["0", "0", "1", "1"] && deliveries == [1, 2, 3])
        let dead = try await queue.receive(.deadLetters, limit: 10, visibility: .seconds(600), wait: .zero)
        #expect(dead.map(\.body) == [poison.body])
        await services.close()
    }

    @Test("a message whose acknowledgement is lost comes again under its name, so that it is dealt with once")
    func duplicate() async throws {
        let queue = try await services.queue()
        try await queue.send(QueueMessage([1]))
        let first = try await queue.receive(limit: 1, visibility: .seconds(30))
        try services.server.set([.init(match: "DeleteMessageBatch", drop: "before")])
        let error = await failure { _ = try await queue.acknowledge(first.map(\.receipt)) }
        #expect(error?.isRetryable == true)
        try services.server.letTimePass(.seconds(60))
        services.time.advance(by: .seconds(60))
        let second = try await queue.receive(limit: 1, visibility: .seconds(30))
        #expect(second.map(\.id) == first.map(\.id) && second.first?.deliveryCount == 2)
        for result in try await queue.acknowledge(second.map(\.receipt)) { try result.get() }
        #expect(try await SQSQueue(handler: queue).counts().hidden == 0)
        await services.close()
    }

    @Test("a queue that is not there says what to do")
    func missing() async throws {
        let queue = try await SQSQueueHandler.open(
            SQSOptions(queue: "no-such-queue-anywhere"),
            TestServices.plain.region("us-east-1").endpoint(services.server.endpoint),
            AWSAccess(credentials: services.store.credentials),
            services.context
        )
        let error = await failure { _ = try await queue.send(messages(1)) }
        #expect(error?.message.contains("Create the queue, or set 'queue' to another one.") == true)
        #expect(error?.isRetryable == false)
        await queue.stop()
        await services.close()
    }
}
#endif
