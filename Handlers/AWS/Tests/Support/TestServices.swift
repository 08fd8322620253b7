#if AWS
internal import AuraCloud
internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Foundation
internal import Synchronization

@testable internal import AuraAWS

/// The machine's clock, which a test may set ahead.
final class ShiftedTime: TimeEffects {
    private let base = SystemTimeHandler()
    private let shift = Mutex(Duration.zero)

    var capabilities: Capabilities { base.capabilities }
    var now: WallTime { base.now.later(by: shift.withLock { $0 }) }
    var monotonicNow: MonotonicInstant { base.monotonicNow.advanced(by: shift.withLock { $0 }) }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try await base.sleep(until: deadline.advanced(by: .zero - shift.withLock { $0 }))
    }

    func advance(by duration: Duration) {
        shift.withLock { $0 += duration }
    }
}

/// Makes handlers of tables and queues of their own on a store's server.
final class TestServices: Sendable {
    let store: TestStore
    let time = ShiftedTime()
    private let tables = Mutex<[DynamoDBKeyValueHandler]>([])
    private let queues = Mutex<[SQSQueueHandler]>([])

    init(_ server: StoreServer) throws {
        store = try TestStore(server)
    }

    var server: StoreServer { store.server }

    var context: HandlerContext {
        var context = store.context
        context.time = time
        return context
    }

    static let plain = CloudConfig().timeout(.seconds(120))

    private func config(_ config: CloudConfig) -> CloudConfig {
        config.region("us-east-1").endpoint(server.endpoint)
    }

    /// A handler of a table.
    ///
    /// - Parameters:
    ///   - name: The table's name; `nil` for a new table.
    ///   - config: What surrounds each request.
    /// - Returns: The handler.
    /// - Throws: Where the table cannot be made.
    func table(_ name: String? = nil, _ config: CloudConfig = plain) async throws -> DynamoDBKeyValueHandler {
        let layout = DynamoDBLayout(
            table: name ?? "table-\(UUID().uuidString.lowercased())",
            partition: "pk",
            sort: "sk"
        )
        let access = AWSAccess(credentials: store.credentials)
        let handler = try await DynamoDBKeyValueHandler.open(layout, self.config(config), access, context)
        tables.withLock { $0.append(handler) }
        guard name == nil else { return handler }
        let keys = [("pk", "HASH"), ("sk", "RANGE")]
        _ = try await handler.client.send(
            EffectOperation(effect: "dynamodb", name: "CreateTable", index: 0, idempotency: .never),
            [
                "TableName": .string(layout.table), "BillingMode": "PAY_PER_REQUEST",
                "KeySchema": .array(keys.map { ["AttributeName": .string($0), "KeyType": .string($1)] }),
                "AttributeDefinitions": .array(keys.map { ["AttributeName": .string($0.0), "AttributeType": "S"] }),
            ],
            for: "create"
        )
        return handler
    }

    /// A handler of a new queue.
    ///
    /// - Parameters:
    ///   - isOrdered: Whether it is a FIFO queue.
    ///   - deliveries: How often a message is delivered before it becomes a dead letter; `nil` for a queue without those.
    ///   - config: What surrounds each request.
    /// - Returns: The handler.
    /// - Throws: Where the queue cannot be made.
    func queue(
        isOrdered: Bool = false,
        deliveries: Int? = nil,
        _ config: CloudConfig = plain
    ) async throws -> SQSQueueHandler {
        let suffix = isOrdered ? ".fifo" : ""
        let name = "queue-\(UUID().uuidString.lowercased())"
        let options = SQSOptions(
            queue: name + suffix,
            deadLetters: deliveries.map { _ in "\(name)-dead\(suffix)" },
            deliveries: deliveries
        )
        let access = AWSAccess(credentials: store.credentials)
        let handler = try await SQSQueueHandler.open(options, self.config(config), access, context)
        queues.withLock { $0.append(handler) }
        if let deadLetters = options.deadLetters {
            try await create(deadLetters, [:], handler)
            let target = "arn:aws:sqs:us-east-1:123456789012:\(deadLetters)"
            let policy: JSONValue = [
                "deadLetterTargetArn": .string(target), "maxReceiveCount": .integer(deliveries ?? 0),
            ]
            try await create(options.queue, ["RedrivePolicy": .string(policy.line)], handler)
        } else {
            try await create(options.queue, [:], handler)
        }
        return handler
    }

    private func create(_ name: String, _ attributes: JSONValue, _ handler: SQSQueueHandler) async throws {
        var all = attributes
        if name.hasSuffix(".fifo"), case .object(let members) = attributes {
            all = .object(members + [JSONValue.Member(key: "FifoQueue", value: "true")])
        }
        _ = try await handler.client.send(
            EffectOperation(effect: "sqs", name: "CreateQueue", index: 0, idempotency: .never),
            ["QueueName": .string(name), "Attributes": all],
            for: "create"
        )
    }

    func close() async {
        for handler in tables.withLock({ $0 }) { await handler.stop() }
        for handler in queues.withLock({ $0 }) { await handler.stop() }
        await store.close()
    }
}

extension TestServices {
    /// Those of the server that tests share.
    static func shared() -> TestServices { on(Result { try StoreServer.start() }) }

    /// Those of a server; for one that time passes for, no other tests' messages are there.
    static func on(_ server: Result<StoreServer, any Error>) -> TestServices {
        do {
            return try TestServices(server.get())
        } catch {
            fatalError("The store did not start: install what Tests/checks/set_up.sh does (\(error)).")
        }
    }
}

/// Makes the tables that the laws of key-values are checked on.
final class DynamoDBHarness: KeyValueHarness, TimePassingHarness {
    private let services = TestServices.shared()

    var capabilities: Capabilities { DynamoDBKeyValueHandler.capabilities }
    var now: WallTime { services.time.now }

    func make() async throws -> any KeyValueEffects { try await services.table() }
    func letTimePass(_ duration: Duration) async throws { services.time.advance(by: duration) }
    func finish() async { await services.close() }
}

/// Makes the queues that the laws of queues are checked on.
final class SQSHarness: QueueHarness, TimePassingHarness {
    private static let server = Result { try StoreServer() }
    private let services = TestServices.on(server)
    private let isOrdered: Bool

    init(isOrdered: Bool) {
        self.isOrdered = isOrdered
    }

    static let deliveries = 3

    var capabilities: Capabilities {
        SQSQueueHandler.capabilities(
            SQSOptions(
                queue: isOrdered ? "queue.fifo" : "queue",
                deadLetters: "dead",
                deliveries: Self.deliveries
            )
        )
    }

    var now: WallTime { services.time.now }

    func make() async throws -> any MessageQueueEffects {
        try await services.queue(isOrdered: isOrdered, deliveries: Self.deliveries)
    }

    func letTimePass(_ duration: Duration) async throws {
        services.time.advance(by: duration)
        try services.server.letTimePass(duration)
    }

    func finish() async { await services.close() }
}
#endif
