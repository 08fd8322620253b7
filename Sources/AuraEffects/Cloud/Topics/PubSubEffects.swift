// @Effect("topics")
/// Messages that are published on topics and delivered to every subscription.
///
/// A subscription gets each message that is published after ``subscribe(_:)`` has ended, at least once. A subscription that is
/// pulled is a queue of its own: what holds for ``MessageQueueEffects`` holds for its messages. One that is pushed has the
/// service send each message to an address until that accepts it.
///
/// Every method throws ``EffectError``: `notFound` for a topic or a subscription that does not exist, `invalidArgument` for what
/// is beyond the declared limits, `unsupported` for a capability that the handler does not declare, `throttled`, `unavailable` or
/// `resourceExhausted` where the service does not answer now, `cancelled` once the task is cancelled before the operation
/// took effect. A call whose acknowledgement was lost has the outcome `unknown`.
public protocol PubSubEffects: EffectHandler {
    // @Operation(.idempotent, resource: "topic")
    /// Creates a topic; one that exists stays as it is.
    func createTopic(_ topic: TopicName) async throws(EffectError)

    // @Operation(.idempotent, resource: "topic")
    /// Removes a topic with its subscriptions and their messages; a topic that does not exist stays away.
    func removeTopic(_ topic: TopicName) async throws(EffectError)

    // @Operation(resource: "topic")
    /// Publishes messages, each on its own.
    ///
    /// - Parameters:
    ///   - messages: The messages, at most the declared ``Limit/batchMessages``. Where one of them is beyond the limits none is
    ///     published.
    ///   - topic: The topic.
    /// - Returns: What became of each message, in their order.
    /// - Throws: ``EffectError``, as for every method, where no message was published or none is known to have been.
    func publish(_ messages: [TopicMessage], to topic: TopicName) async throws(EffectError) -> [SendResult]

    // @Operation(.idempotent, resource: "subscription")
    /// Creates a subscription; an equal one that exists stays as it is, with its messages.
    ///
    /// - Parameter subscription: The subscription.
    /// - Throws: `conflict` where there is another one of its name; `unsupported` for a delivery without its capability
    ///   ``Capability/receive`` or ``Capability/push``, and for a filter without ``Capability/filters``.
    func subscribe(_ subscription: Subscription) async throws(EffectError)

    // @Operation(.idempotent, resource: "subscription")
    /// Ends a subscription and drops its messages; one that does not exist stays away.
    func unsubscribe(_ subscription: SubscriptionName) async throws(EffectError)

    // @Operation(.idempotent, resource: "topic")
    /// The subscriptions of a topic, in the order of their names.
    func subscriptions(of topic: TopicName) async throws(EffectError) -> [Subscription]

    // @Operation(resource: "subscription")
    /// Receives messages of a subscription that is pulled, and hides them from its other receivers: the capability
    /// ``Capability/receive``.
    ///
    /// - Parameters:
    ///   - subscription: The subscription.
    ///   - limit: The most messages wanted; at least 1. There may be fewer although more wait.
    ///   - visibility: How long they are hidden, more than nothing and at most the declared ``Limit/visibilitySeconds``.
    ///   - wait: How long to wait while there is none, at most the declared ``Limit/waitSeconds``.
    /// - Returns: The messages; none where there was none in time.
    /// - Throws: `invalidArgument` for a subscription that is pushed.
    func receive(
        from subscription: SubscriptionName,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage]

    // @Operation(.idempotent, resource: "subscription")
    /// Says that messages of a subscription were dealt with: they leave it, and stay in others.
    ///
    /// - Parameters:
    ///   - receipts: The receipts of the messages, at most the declared ``Limit/batchMessages``.
    ///   - subscription: The subscription.
    /// - Returns: What became of each, in their order, as ``MessageQueueEffects/acknowledge(_:)`` says.
    /// - Throws: ``EffectError``, as for every method.
    func acknowledge(
        _ receipts: [MessageReceipt],
        of subscription: SubscriptionName
    ) async throws(EffectError) -> [AcknowledgeResult]

    // @Operation(.idempotent, resource: "subscription")
    /// Hides a received message for longer, or delivers it again at once.
    ///
    /// - Parameters:
    ///   - receipt: The message's receipt, which stays the same.
    ///   - subscription: The subscription.
    ///   - visibility: How long from now on; zero gives the message back.
    /// - Throws: `preconditionFailed` for a receipt whose time is over; nothing has changed then.
    func extend(
        _ receipt: MessageReceipt,
        of subscription: SubscriptionName,
        by visibility: Duration
    ) async throws(EffectError)
}

extension PubSubEffects {
    /// Publishes one message.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - topic: The topic.
    /// - Returns: Its name.
    /// - Throws: ``EffectError`` where it was not published.
    @discardableResult
    public func publish(_ message: TopicMessage, to topic: TopicName) async throws(EffectError) -> MessageID {
        try await publish([message], to: topic)[0].get()
    }

    /// Says that one message of a subscription was dealt with.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - subscription: The subscription.
    /// - Throws: ``EffectError`` where that could not be noted.
    public func acknowledge(
        _ message: ReceivedMessage,
        of subscription: SubscriptionName
    ) async throws(EffectError) {
        try await acknowledge([message.receipt], of: subscription)[0].get()
    }
}
