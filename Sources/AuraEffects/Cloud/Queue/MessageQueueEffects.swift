// @Effect("queue")
/// Messages that wait in a queue until one receiver has dealt with them.
///
/// A message is delivered at least once. Who receives it has it for a time, in which nobody else gets it (some services
/// break that rarely: ``Capability/exclusiveDelivery`` says that the handler's does not), and acknowledges it when done;
/// otherwise it is delivered again. What was acknowledged in time is not delivered again.
///
/// Every method throws ``EffectError``: `invalidArgument` for what is beyond the declared limits, `unsupported` for a capability
/// that the handler does not declare, `throttled`, `unavailable` or `resourceExhausted` where the service does not answer now,
/// `cancelled` once the task is cancelled before the operation took effect. A call whose acknowledgement was lost has the
/// outcome `unknown`: a message may be in the queue, a received one hidden until its time is over.
public protocol MessageQueueEffects: EffectHandler {
    // @Operation(.idempotent(when: "messages.allSatisfy { $0.deduplicationID != nil }"))
    /// Sends messages, each on its own.
    ///
    /// - Parameter messages: The messages, at most the declared ``Limit/batchMessages``. Where one of them is beyond the limits none
    ///   is sent.
    /// - Returns: What became of each message, in their order.
    /// - Throws: ``EffectError``, as for every method, where no message was sent or none is known to have been.
    func send(_ messages: [QueueMessage]) async throws(EffectError) -> [SendResult]

    // @Operation(resource: "source")
    /// Receives messages and hides them from other receivers: the capability ``Capability/receive``.
    ///
    /// - Parameters:
    ///   - source: The messages, or the dead letters: ``Capability/deadLetters``.
    ///   - limit: The most messages wanted; at least 1. There may be fewer although more wait.
    ///   - visibility: How long they are hidden, more than nothing and at most the declared ``Limit/visibilitySeconds``.
    ///   - wait: How long to wait while there is none, at most the declared ``Limit/waitSeconds``.
    /// - Returns: The messages; none where there was none in time.
    /// - Throws: ``EffectError``, as for every method.
    func receive(
        _ source: QueueSource,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage]

    // @Operation(.idempotent)
    /// Says that messages were dealt with: they leave the queue.
    ///
    /// - Parameter receipts: The receipts of the messages, at most the declared ``Limit/batchMessages``.
    /// - Returns: What became of each, in their order. A receipt whose time is over fails as `preconditionFailed` and its message
    ///   stays; that of a message that has left the queue counts as acknowledged.
    /// - Throws: ``EffectError``, as for every method, where none was acknowledged or none is known to have been.
    func acknowledge(_ receipts: [MessageReceipt]) async throws(EffectError) -> [AcknowledgeResult]

    // @Operation(.idempotent)
    /// Hides a received message for longer, or delivers it again at once.
    ///
    /// - Parameters:
    ///   - receipt: The message's receipt, which stays the same.
    ///   - visibility: How long from now on; zero gives the message back.
    /// - Throws: `preconditionFailed` for a receipt whose time is over; nothing has changed then.
    func extend(_ receipt: MessageReceipt, by visibility: Duration) async throws(EffectError)
}

extension MessageQueueEffects {
    /// Sends one message.
    ///
    /// - Parameter message: The message.
    /// - Returns: Its name.
    /// - Throws: ``EffectError`` where it was not sent.
    @discardableResult
    public func send(_ message: QueueMessage) async throws(EffectError) -> MessageID {
        switch try await send([message])[0] {
        case .sent(let id): return id
        case .failed(let error): throw error
        }
    }

    /// Receives messages and hides them from other receivers, without waiting.
    public func receive(limit: Int, visibility: Duration) async throws(EffectError) -> [ReceivedMessage] {
        try await receive(.messages, limit: limit, visibility: visibility, wait: .zero)
    }

    /// Says that one message was dealt with.
    ///
    /// - Parameter message: The message.
    /// - Throws: ``EffectError`` where that could not be noted, such as `preconditionFailed` where its time is over.
    public func acknowledge(_ message: ReceivedMessage) async throws(EffectError) {
        if case .failed(let error) = try await acknowledge([message.receipt])[0] { throw error }
    }
}
