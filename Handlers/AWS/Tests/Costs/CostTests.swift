#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Testing

@testable internal import AuraAWS

/// The tables of `docs/cloud.md`.
@Suite("What each operation on AWS costs in requests")
struct CostTests {
    private let services: TestServices
    private let meter: RequestMeter

    init() throws {
        let server = try StoreServer.start()
        services = try TestServices(server)
        meter = RequestMeter(services.store.http)
    }

    private var context: HandlerContext {
        var context = services.context
        context.http = meter
        return context
    }

    /// The services, whose requests are counted; their table, queue and bucket are made by others.
    private func cloud(bucket: String? = nil, table: String? = nil, queue: SQSQueueHandler? = nil) async throws
        -> AWSCloud
    {
        try await AWSCloud(
            TestServices.plain.region("us-east-1").endpoint(services.server.endpoint),
            bucket: bucket,
            table: table,
            queue: queue?.options.queue,
            deadLetters: queue?.options.deadLetters,
            context,
            credentials: services.store.credentials
        )
    }

    @Test("objects of S3")
    func objects() async throws {
        let cloud = try await cloud(bucket: services.store.make().client.address.bucket)
        let (objects, bucket) = (cloud.objects, try #require(cloud.s3))
        let body = ByteStream([1, 2, 3])
        try await meter.expect(1, of: "put") { try await objects.put(body, to: "a") }
        let revision = try await meter.expect(1, of: "put") {
            try await objects.put(body, to: "b", metadata: ObjectMetadata(), if: .absent)
        }
        try await meter.expect(5, of: "put") {
            try await objects.put(ByteStream(sampleBytes(11 << 20)), to: "large")
        }
        try await meter.expect(1, of: "info") { try await objects.info("a") }
        try await meter.expect(1, of: "get") { try await objects.get("a")?.body.bytes(atMost: 3) }
        try await meter.expect(1, of: "list") { try await objects.list(prefix: "", after: nil, limit: 1000) }
        try await meter.expect(1, of: "copy") {
            try await objects.copy("a", matching: nil, to: "c", if: .none)
        }
        try await meter.expect(4, of: "copy") {
            try await objects.copy("a", matching: nil, to: "b", if: .matches(revision))
        }
        try await meter.expect(0, of: "presignedURL") {
            try await objects.presignedURL(.get, to: "a", expiresIn: .seconds(60))
        }
        try await meter.expect(1, of: "remove") { try await objects.remove("c") }
        try await uploads(objects, bucket)
        let versions = try await meter.expect(1, of: "versions") { try await bucket.versions() }
        let version = try #require(versions.versions.first)
        try await meter.expect(1, of: "removeVersion") {
            try await bucket.removeVersion(version.id, of: version.key)
        }
        try meter.expectAll(of: "Amazon S3")
        await cloud.stop()
        await services.close()
    }

    private func uploads(_ objects: any ObjectStorageEffects, _ bucket: S3Bucket) async throws {
        let part = ByteStream(sampleBytes(100))
        let upload = try await meter.expect(1, of: "beginUpload") {
            try await objects.beginUpload(to: "d", metadata: ObjectMetadata())
        }
        let uploaded = try await meter.expect(1, of: "uploadPart") { try await objects.uploadPart(1, of: upload, part) }
        try await meter.expect(1, of: "parts") { try await bucket.parts(of: upload) }
        try await meter.expect(1, of: "pendingUploads") { try await bucket.pendingUploads() }
        try await meter.expect(1, of: "completeUpload") {
            try await objects.completeUpload(upload, parts: [uploaded], if: .none)
        }
        let dropped = try await objects.beginUpload(to: "e", metadata: ObjectMetadata())
        try await meter.expect(1, of: "abortUpload") { try await objects.abortUpload(dropped) }
    }

    @Test("items of DynamoDB")
    func items() async throws {
        let cloud = try await cloud(table: services.table().layout.table)
        let items = cloud.keyValues
        let table = try #require(cloud.dynamoDB)
        let key = ItemKey("p", "a")
        try await meter.expect(1, of: "put") { try await items.put(Item(["n": 1]), to: key) }
        try await meter.expect(1, of: "get") { try await items.get(key) }
        try await meter.expect(1, of: "query") {
            try await items.query(ItemQuery("p"), after: nil, limit: 1000, consistency: .strong)
        }
        let mutations = (0..<26).map { ItemMutation(ItemKey("q", "\($0)"), .put(Item(["n": 1]))) }
        try await meter.expect(1, of: "transact") { try await items.transact(mutations) }
        try await meter.expect(1, of: "apply") { try await table.apply(Array(mutations.prefix(25))) }
        try await meter.expect(2, of: "apply") { try await table.apply(mutations) }
        let keys = (0..<101).map { ItemKey("q", "\($0)") }
        try await meter.expect(1, of: "items") { try await table.items(Set(keys.prefix(100))) }
        try await meter.expect(2, of: "items") { try await table.items(Set(keys)) }
        try await meter.expect(1, of: "update") { try await table.update(key, setting: ["n": 2]) }
        try await meter.expect(1, of: "scan") { try await table.scan(limit: 1000) }
        try await meter.expect(1, of: "remove") { try await items.remove(key) }
        try meter.expectAll(of: "Amazon DynamoDB")
        await cloud.stop()
        await services.close()
    }

    @Test("messages of SQS")
    func messages() async throws {
        let made = try await services.queue(deliveries: 1)
        let cloud = try await cloud(queue: made)
        let queue = cloud.queue
        let small = QueueMessage([0x61])
        let large = QueueMessage(Array(repeating: 0x61, count: 100_000))
        // A queue is asked for by its name before its first request.
        try await meter.expect(2, of: "send") { try await queue.send([small]) }
        try await meter.expect(1, of: "send") { try await queue.send([small, small]) }
        let received = try await meter.expect(1, of: "receive") {
            try await queue.receive(limit: 10, visibility: .seconds(600))
        }
        try #require(received.count == 3)
        try await meter.expect(1, of: "extend") { try await queue.extend(received[0].receipt, by: .zero) }
        // It was delivered as often as it may be.
        #expect(try await queue.receive(limit: 10, visibility: .seconds(600)).isEmpty)
        let dead = try await meter.expect(2, of: "receive") {
            try await queue.receive(.deadLetters, limit: 10, visibility: .seconds(600), wait: .zero)
        }
        try #require(dead.count == 1)
        let receipts = received[1...].map(\.receipt)
        try await meter.expect(1, of: "acknowledge") { try await queue.acknowledge([receipts[0]]) }
        try await meter.expect(2, of: "acknowledge") {
            try await queue.acknowledge([receipts[1], dead[0].receipt])
        }
        try await meter.expect(2, of: "send") { try await queue.send([large, large, large]) }
        let sqs = try #require(cloud.sqs)
        try await meter.expect(1, of: "counts") { try await sqs.counts() }
        try await meter.expect(1, of: "purge") { try await sqs.purge() }
        try meter.expectAll(of: "Amazon SQS")
        await cloud.stop()
        await services.close()
    }

    @Test("topics of SNS")
    func topics() async throws {
        let certified = CertificateHTTP(services.store.http, services.server)
        let vectors = try NotificationVectors()
        let meter = RequestMeter(ConfirmingHTTP(certified, Array(vectors.certificate.utf8)))
        let topics = try await services.topics(over: meter)
        let sns = SNSTopics(handler: topics)
        try await meter.expect(1, of: "createTopic") { try await topics.createTopic("a") }
        // Whose the account is.
        try await meter.expect(2, of: "publish") { try await topics.publish([TopicMessage([0x61])], to: "a") }
        let large = TopicMessage(Array(repeating: 0x61, count: 100_000))
        try await meter.expect(2, of: "publish") { try await topics.publish([large, large, large], to: "a") }
        try await meter.expect(4, of: "subscribe") { try await topics.subscribe(Subscription("one", to: "a")) }
        let name = UUID().uuidString
        let push = Subscription("two", to: "a", delivery: .push(to: services.server.pushAddress(name)))
        try await meter.expect(3, of: "subscribe") { try await topics.subscribe(push) }
        try await meter.expect(3, of: "subscriptions") { try await topics.subscriptions(of: "a") }
        try await meter.expect(1, of: "publish") {
            try await topics.publish([TopicMessage([0x61]), TopicMessage([0x62])], to: "a")
        }
        try await receiving(topics, meter)
        try await meter.expect(1, of: "attributes") { try await sns.attributes(of: "a") }
        try await meter.expect(1, of: "setAttribute") { try await sns.setAttribute("DisplayName", to: "b", of: "a") }
        let pushed = try #require(try services.server.pushed(to: name).first)
        try await meter.expect(1, of: "read") { try await sns.read(pushed) }
        try await meter.expect(0, of: "read") { try await sns.read(pushed) }
        let confirming = SNSTopics(handler: try await services.topics(over: meter, in: "us-east-1"))
        let question = try #require(vectors.documents.first { $0.contains("SubscriptionConfirmation") })
        let delivery = try await confirming.read(Array(question.utf8))
        try await meter.expect(1, of: "confirm") { try await confirming.confirm(delivery) }
        await confirming.handler.stop()
        try await meter.expect(3, of: "unsubscribe") { try await topics.unsubscribe("two") }
        // Where the queue is that of "one" is known from receiving.
        try await meter.expect(4, of: "removeTopic") { try await topics.removeTopic("a") }
        try meter.expectAll(of: "Amazon SNS")
        await topics.stop()
        await services.close()
    }

    private func receiving(_ topics: SNSPubSubHandler, _ meter: RequestMeter) async throws {
        // The queue is asked for by its name.
        let received = try await meter.expect(2, of: "receive") {
            try await topics.receive(from: "one", limit: 10, visibility: .seconds(600), wait: .zero)
        }
        let receipt = try #require(received.first?.receipt)
        try await meter.expect(1, of: "extend") { try await topics.extend(receipt, of: "one", by: .seconds(60)) }
        try await meter.expect(1, of: "acknowledge") { try await topics.acknowledge([receipt], of: "one") }
    }

    @Test("functions of Lambda")
    func functions() async throws {
        let cloud = try await cloud()
        let name = FunctionName(rawValue: "echo-\(UUID().uuidString.lowercased())")
        try await meter.expect(1, of: "invoke") { try await cloud.functions.invoke(name, Array("{}".utf8)) }
        try await meter.expect(1, of: "invokeAsync") { try await cloud.functions.invokeAsync(name, Array("{}".utf8)) }
        await cloud.stop()
        await services.close()
    }
}
#endif
