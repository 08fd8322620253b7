public import AuraEffects
package import AuraRuntime
internal import Synchronization

/// A queue in memory: the model that other handlers of queues are compared with.
///
/// A receiver that waits is woken by the message; nothing survives the process.
public final class MemoryQueueHandler: MessageQueueEffects {
    /// The name in profiles.
    public static let technology = "memory"

    /// How often a message is delivered before it becomes a dead letter, unless told otherwise.
    public static let defaultDeliveries = 5

    /// What a memory queue declares.
    ///
    /// - Parameter deliveries: How often a message is delivered before it becomes a dead letter.
    /// - Returns: The declaration.
    public static func capabilities(deliveries: Int = defaultDeliveries) -> Capabilities {
        Capabilities(
            [.receive, .exclusiveDelivery, .fifo, .delay, .deduplication, .deadLetters],
            limits: [
                .messageBytes: ByteCount.kibibytes(256).bytes,
                .messageAttributes: 10,
                .batchMessages: 10,
                .delaySeconds: 900,
                .visibilitySeconds: 43_200,
                .waitSeconds: 20,
                .deliveries: deliveries,
                .deduplicationSeconds: 300,
            ]
        )
    }

    /// Every capability of the family, and the limits of messages, calls and times.
    public let capabilities: Capabilities

    private let time: any TimeEffects
    private let errors = HandlerErrors(QueueEffect.self, handler: technology)
    private let validation: MessageValidation
    private let changes = ChangeSignal()
    private let contents: Mutex<MemoryMessages>

    /// Creates an empty queue.
    ///
    /// - Parameters:
    ///   - time: The clock that messages are hidden and delayed by.
    ///   - deliveries: How often a message is delivered before it becomes a dead letter.
    public init(time: any TimeEffects, deliveries: Int = defaultDeliveries) {
        self.time = time
        capabilities = Self.capabilities(deliveries: deliveries)
        validation = MessageValidation(errors: errors, capabilities: capabilities)
        let known = Duration.seconds(capabilities.limit(.deduplicationSeconds))
        contents = Mutex(MemoryMessages(mostDeliveries: deliveries, deduplication: known))
    }

    /// Sends messages, each on its own.
    public func send(_ messages: [QueueMessage]) async throws(EffectError) -> [SendResult] {
        try errors.checkCancellation(in: "send")
        try validation.check(messages, in: "send")
        let (sent, now) = (time.now, time.monotonicNow)
        let results = contents.withLock { contents in
            messages.map { SendResult.sent(contents.send($0, sent: sent, at: now)) }
        }
        changes.notify()
        return results
    }

    /// Receives messages and hides them from other receivers.
    public func receive(
        _ source: QueueSource,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        try errors.checkCancellation(in: "receive")
        let size = try validation.receivable(source, limit: limit, visibility: visibility, wait: wait, in: "receive")
        return try await MessageWait(time: time, changes: changes, errors: errors)
            .messages(within: wait, in: "receive") { now throws(EffectError) in
                contents.withLock { contents in
                    let messages = contents.receive(source, limit: size, visibility: visibility, at: now)
                    return (messages, contents.nextVisible(after: now))
                }
            }
    }

    /// Says that messages were dealt with: they leave the queue.
    public func acknowledge(_ receipts: [MessageReceipt]) async throws(EffectError) -> [AcknowledgeResult] {
        try errors.checkCancellation(in: "acknowledge")
        try validation.check(receipts, in: "acknowledge")
        let now = time.monotonicNow
        let error = errors.receiptIsOver(in: "acknowledge")
        let results = contents.withLock { contents in
            receipts.map { receipt -> AcknowledgeResult in
                contents.acknowledge(receipt, at: now) ? .acknowledged : .failed(error)
            }
        }
        changes.notify()
        return results
    }

    /// Hides a received message for longer, or delivers it again at once.
    public func extend(_ receipt: MessageReceipt, by visibility: Duration) async throws(EffectError) {
        try errors.checkCancellation(in: "extend")
        try validation.checkExtension(visibility, in: "extend")
        let now = time.monotonicNow
        guard contents.withLock({ $0.extend(receipt, by: visibility, at: now) }) else {
            throw errors.receiptIsOver(in: "extend")
        }
        changes.notify()
    }

    /// Ends the calls that wait.
    public func stop() {
        changes.finish()
    }
}

extension HandlerErrors {
    /// The error of a receipt that gives no right any more.
    package func receiptIsOver(in operation: String) -> EffectError {
        let message = "The receipt's time is over, and the message is delivered again: deal with that delivery."
        return error(.preconditionFailed, in: operation, message)
    }
}
