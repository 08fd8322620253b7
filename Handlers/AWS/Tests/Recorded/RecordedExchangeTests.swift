#if AWS
internal import AuraCloud
internal import AuraCurl
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Foundation
internal import Logging
internal import Testing

@testable internal import AuraAWS

/// Handlers on exchanges that were recorded once: no server runs.
///
/// `make record` records them anew.
@Suite("Recorded exchanges of AWS")
struct RecordedExchangeTests {
    /// Where the server was: it is part of what a request is found by.
    private static let port: UInt16 = 18_273

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    private static var options: HTTPRecordingOptions {
        var options = HTTPRecordingOptions()
        options.hidden = [Secret(StoreServer.accessKeyID), Secret(StoreServer.secretAccessKey)]
        return options
    }

    private let config = CloudConfig().timeout(.seconds(60)).region("us-east-1")
        .endpoint(HTTPURL(.http, host: "127.0.0.1", port: Int(Self.port), path: ""))

    private let access = AWSAccess(
        credentials: AWSCredentials(
            accessKeyID: StoreServer.accessKeyID,
            secretAccessKey: Secret(StoreServer.secretAccessKey)
        )
    )

    /// Runs `body` on a recording, or on a server where `AURA_RECORD` asks for a new one.
    private func onExchanges(_ name: String, _ body: (HandlerContext) async throws -> Void) async throws {
        let file = Self.folder.appendingPathComponent("\(name).jsonl").path
        let budget = TestStore.budget
        // The names that handlers make up are part of requests, and so is what they think the time is.
        let (time, random) = (ManualTimeHandler(), SeededRandomHandler(seed: 1))
        let logger = Logger(label: "test")
        var context = HandlerContext(budget: budget, time: time, random: random, logger: logger)
        guard ProcessInfo.processInfo.environment["AURA_RECORD"] != nil else {
            context.http = try ReplayingHTTPHandler(from: file, options: Self.options)
            return try await body(context)
        }
        let machine = HandlerContext(budget: budget, time: ShiftedTime(), random: random, logger: logger)
        let ahead = time.now.nanosecondsSinceEpoch - machine.time.now.nanosecondsSinceEpoch
        try Self.server.get().setClock(ahead: Int(ahead / 1_000_000_000))
        let http = try CurlHTTPHandler(CurlConfiguration(budget: budget), machine)
        try? FileManager.default.removeItem(atPath: file)
        let recording = try await RecordingHTTPHandler(http, to: file, options: Self.options)
        context.http = recording
        try await body(context)
        try await recording.close()
        await http.close()
    }

    private static let server = Result { try StoreServer(port: port) }

    @Test("objects are stored, read, listed and removed")
    func objects() async throws {
        try await onExchanges("s3") { context in
            let options = S3Options(bucket: "recorded", pathStyle: true, partBytes: 5 << 20, parallelParts: 1)
            let bucket = try await S3ObjectStorageHandler.open(options, config, access, context)
            #expect(try await bucket.createBucket(in: "us-east-1").exists == false)
            let metadata = ObjectMetadata()
            let revision = try await bucket.put(ByteStream([1, 2, 3]), to: "a/1", metadata: metadata, if: .absent)
            let refused = await #expect(throws: EffectError.self) {
                try await bucket.put(ByteStream([4]), to: "a/1", metadata: metadata, if: .absent)
            }
            #expect(refused?.code == .preconditionFailed)
            #expect(try await bucket.get("a/1")?.body.bytes(atMost: 9) == [1, 2, 3])
            #expect(try await bucket.info("a/1")?.revision == revision)
            #expect(try await bucket.list(prefix: "a/", after: nil, limit: 10).items.map(\.key) == ["a/1"])
            try await bucket.remove("a/1")
            #expect(try await bucket.info("a/1") == nil)
            await bucket.stop()
        }
    }

    @Test("items are put, read, queried and removed")
    func items() async throws {
        try await onExchanges("dynamodb") { context in
            let layout = DynamoDBLayout(table: "recorded", partition: "pk", sort: "sk")
            let table = try await DynamoDBKeyValueHandler.open(layout, config, access, context)
            #expect(try await table.createTable().map(\.exists) == [false, false])
            #expect(try await table.tableStatus().map(\.exists) == [true, true])
            let revision = try await table.put(Item(["n": 1]), to: ItemKey("p", "a"), if: .absent)
            let refused = await #expect(throws: EffectError.self) {
                try await table.put(Item(["n": 2]), to: ItemKey("p", "a"), if: .absent)
            }
            #expect(refused?.code == .preconditionFailed)
            #expect(try await table.get(ItemKey("p", "a"))?.attributes == ["n": 1])
            let page = try await table.query(ItemQuery("p"), after: nil, limit: 10, consistency: .strong)
            #expect(page.items.map(\.revision) == [revision])
            try await table.remove(ItemKey("p", "a"), if: .matches(revision))
            #expect(try await table.get(ItemKey("p", "a")) == nil)
            await table.stop()
        }
    }

    @Test("messages are sent, received and acknowledged")
    func messages() async throws {
        try await onExchanges("sqs") { context in
            let options = SQSOptions(queue: "recorded", deadLetters: "recorded-dead", deliveries: 3)
            let queue = try await SQSQueueHandler.open(options, config, access, context)
            #expect(try await queue.createQueues().map(\.exists) == [false, false])
            try await queue.send(QueueMessage([1, 2]))
            let received = try await queue.receive(.messages, limit: 1, visibility: .seconds(30), wait: .zero)
            #expect(received.map(\.body) == [[1, 2]])
            try await queue.acknowledge(try #require(received.first))
            #expect(try await queue.receive(.messages, limit: 1, visibility: .seconds(30), wait: .zero).isEmpty)
            await queue.stop()
        }
    }

    @Test("a topic is published on, and its subscription received from")
    func topics() async throws {
        try await onExchanges("sns") { context in
            let topics = try await SNSPubSubHandler.open(config, access, context)
            try await topics.createTopic("recorded-topic")
            let subscription = Subscription("recorded-search", to: "recorded-topic", filter: ["kind": ["a"]])
            try await topics.subscribe(subscription)
            #expect(try await topics.subscriptions(of: "recorded-topic") == [subscription])
            let id = try await topics.publish(TopicMessage([1, 2], attributes: ["kind": "a"]), to: "recorded-topic")
            let received = try await topics.receive(
                from: subscription.name,
                limit: 1,
                visibility: .seconds(30),
                wait: .zero
            )
            #expect(received.map(\.id) == [id] && received.map(\.body) == [[1, 2]])
            try await topics.acknowledge(try #require(received.first), of: subscription.name)
            try await topics.removeTopic("recorded-topic")
            await topics.stop()
        }
    }

    @Test("a function is invoked, and says that it failed")
    func functions() async throws {
        try await onExchanges("lambda") { context in
            let functions = try await LambdaFunctionHandler.open(qualifier: nil, config, access, context)
            #expect(try await functions.invoke("echo-recorded", [0xFF]) == .returned([0xFF]))
            let failure = FunctionFailure(kind: "ValueError", message: "7")
            #expect(try await functions.invoke("failing-recorded", Array("7".utf8)) == .failed(failure))
            try await functions.invokeAsync("echo-recorded", [1])
            await functions.stop()
        }
    }

    @Test("nothing that signs is in a recording", arguments: ["s3", "dynamodb", "sqs", "sns", "lambda"])
    func secrets(_ name: String) throws {
        let text = try String(contentsOf: Self.folder.appendingPathComponent("\(name).jsonl"), encoding: .utf8)
        #expect(text.contains("aura-http-recording"))
        #expect(!text.contains(StoreServer.secretAccessKey) && !text.contains(StoreServer.accessKeyID))
        #expect(!text.lowercased().contains("\"authorization\""))
    }
}
#endif
