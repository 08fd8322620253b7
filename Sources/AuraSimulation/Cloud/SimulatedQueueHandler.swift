public import AuraEffects
public import AuraMemory
internal import AuraRuntime
internal import Synchronization

/// A queue of a simulated cloud.
final class SimulatedQueue: Sendable {
    let changes = ChangeSignal()
    // Made by the first handler, which says what the queue promises.
    private let contents = Mutex<SimulatedMessages?>(nil)

    func withMessages<Value: Sendable>(
        _ make: () -> SimulatedMessages,
        _ body: (inout SimulatedMessages) -> Value
    ) -> Value {
        contents.withLock { contents in
            var messages = contents ?? make()
            let value = body(&messages)
            contents = messages
            return value
        }
    }
}

/// A queue of a ``SimulatedCloud`` as one node sees it.
///
/// The first handler of a queue says in which order it delivers, and how often.
public final class SimulatedQueueHandler: MessageQueueEffects {
    /// What a queue of a simulated cloud declares.
    ///
    /// - Parameters:
    ///   - order: What it promises of its messages.
    ///   - deliveries: How often a message is delivered before it becomes a dead letter.
    /// - Returns: The declaration.
    public static func capabilities(
        _ order: MessageOrder = .standard,
        deliveries: Int = MemoryQueueHandler.defaultDeliveries
    ) -> Capabilities {
        var capabilities = MemoryQueueHandler.capabilities(deliveries: deliveries)
        guard order == .standard else { return capabilities }
        capabilities.features.subtract([.exclusiveDelivery, .fifo, .deduplication])
        capabilities.limits[.deduplicationSeconds] = nil
        return capabilities
    }

    /// Receiving, delays and dead letters; with groups also their order, names and exclusive delivery.
    public let capabilities: Capabilities

    private let order: MessageOrder
    private let gate: CloudGate
    private let queue: SimulatedQueue
    private let validation: MessageValidation

    init(_ name: String, _ order: MessageOrder, deliveries: Int, for caller: String, in cloud: SimulatedCloud) {
        self.order = order
        capabilities = Self.capabilities(order, deliveries: deliveries)
        gate = CloudGate(QueueEffect.self, name, for: caller, in: cloud)
        queue = cloud.queue(name)
        validation = MessageValidation(errors: gate.errors, capabilities: capabilities)
    }

    private func withMessages<Value: Sendable>(_ body: (inout SimulatedMessages) -> Value) -> Value {
        queue.withMessages(
            {
                SimulatedMessages(
                    order,
                    mostDeliveries: capabilities.limit(.deliveries),
                    deduplication: .seconds(capabilities.limits[.deduplicationSeconds] ?? 0)
                )
            },
            body
        )
    }

    /// Sends messages, each on its own.
    public func send(_ messages: [QueueMessage]) async throws(EffectError) -> [SendResult] {
        try validation.check(messages, in: "send")
        let results = try await gate.call("send", .change) { () throws(EffectError) in
            let (sent, now) = (gate.cloud.time.now, gate.cloud.time.monotonicNow)
            return withMessages { contents in
                messages.map { message in
                    let overtaking = gate.drawOvertaking(order, of: contents.count)
                    return SendResult.sent(contents.send(message, sent: sent, at: now, overtaking: overtaking))
                }
            }
        }
        queue.changes.notify()
        return results
    }

    /// Receives messages and hides them from other receivers.
    public func receive(
        _ source: QueueSource,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        let size = try validation.receivable(source, limit: limit, visibility: visibility, wait: wait, in: "receive")
        return try await gate.call("receive", .change) { () throws(EffectError) in
            try await gate.messages(within: wait, queue.changes, in: "receive") { now throws(EffectError) in
                withMessages { contents in
                    let messages = contents.receive(source, limit: size, visibility: visibility, at: now) {
                        gate.drawRedelivery(within: visibility, isHeld: $0)
                    }
                    return (messages, contents.nextVisible(after: now))
                }
            }
        }
    }

    /// Says that messages were dealt with: they leave the queue.
    public func acknowledge(_ receipts: [MessageReceipt]) async throws(EffectError) -> [AcknowledgeResult] {
        try validation.check(receipts, in: "acknowledge")
        let results = try await gate.call("acknowledge", .change) { () throws(EffectError) in
            let now = gate.cloud.time.monotonicNow
            let error = gate.receiptIsOver(in: "acknowledge")
            return withMessages { contents in
                receipts.map { receipt -> AcknowledgeResult in
                    contents.acknowledge(receipt, at: now) ? .acknowledged : .failed(error)
                }
            }
        }
        queue.changes.notify()
        return results
    }

    /// Hides a received message for longer, or delivers it again at once.
    public func extend(_ receipt: MessageReceipt, by visibility: Duration) async throws(EffectError) {
        try validation.checkExtension(visibility, in: "extend")
        try await gate.call("extend", .change) { () throws(EffectError) in
            let now = gate.cloud.time.monotonicNow
            guard withMessages({ $0.extend(receipt, by: visibility, at: now) }) else {
                throw gate.receiptIsOver(in: "extend")
            }
        }
        queue.changes.notify()
    }
}
