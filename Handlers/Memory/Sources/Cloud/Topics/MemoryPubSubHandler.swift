public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Topics in memory: the model that other handlers of topics are compared with.
///
/// Each subscription holds its own copy of a message; nothing survives the process. What a target refuses is pushed again a
/// second later.
public final class MemoryPubSubHandler: PubSubEffects {
    /// The name in profiles.
    public static let technology = "memory"

    /// What every memory handler of topics declares.
    public static let capabilities = Capabilities(
        [.receive, .exclusiveDelivery, .fifo, .filters, .push],
        limits: [
            .messageBytes: ByteCount.kibibytes(256).bytes,
            .messageAttributes: 10,
            .batchMessages: 10,
            .visibilitySeconds: 43_200,
            .waitSeconds: 20,
        ]
    )

    private let time: any TimeEffects
    private let errors: HandlerErrors
    private let validation: MessageValidation
    private let state = MemoryTopicState()
    private let targets: MemoryPushTargets
    private let pushing = TaskOwner()
    private let isPushing = Mutex(false)

    /// Creates a handler without topics.
    ///
    /// - Parameters:
    ///   - time: The clock that messages are hidden by.
    ///   - targets: Where messages are pushed to.
    public init(time: any TimeEffects, targets: MemoryPushTargets = MemoryPushTargets()) {
        self.time = time
        self.targets = targets
        errors = HandlerErrors(TopicsEffect.self, handler: Self.technology)
        validation = MessageValidation(errors: errors, capabilities: Self.capabilities)
    }

    /// Every capability of the family, and the limits of messages, calls and times.
    public var capabilities: Capabilities { Self.capabilities }

    private var changes: ChangeSignal { state.changes }

    private var wait: MessageWait { MessageWait(time: time, changes: changes, errors: errors) }

    /// Creates a topic; one that exists stays as it is.
    public func createTopic(_ topic: TopicName) async throws(EffectError) {
        try errors.checkCancellation(in: "createTopic")
        try errors.check(name: topic.rawValue, of: "topic", atMost: 80, in: "createTopic")
        state.contents.withLock { $0.create(topic) }
    }

    /// Removes a topic with its subscriptions and their messages.
    public func removeTopic(_ topic: TopicName) async throws(EffectError) {
        try errors.checkCancellation(in: "removeTopic")
        state.contents.withLock { $0.remove(topic) }
        changes.notify()
    }

    /// Publishes messages, each on its own.
    public func publish(_ messages: [TopicMessage], to topic: TopicName) async throws(EffectError) -> [SendResult] {
        try errors.checkCancellation(in: "publish")
        let copies = messages.map { QueueMessage($0.body, attributes: $0.attributes, group: $0.group) }
        try validation.check(copies, in: "publish")
        let (sent, now) = (time.now, time.monotonicNow)
        let results = try state.contents.withLock { contents throws(EffectError) in
            try check(topic, in: contents, "publish")
            return messages.map { SendResult.sent(contents.publish($0, to: topic, sent: sent, at: now)) }
        }
        changes.notify()
        return results
    }

    /// Creates a subscription; an equal one that exists stays as it is, with its messages.
    public func subscribe(_ subscription: Subscription) async throws(EffectError) {
        try errors.checkCancellation(in: "subscribe")
        try errors.check(name: subscription.name.rawValue, of: "subscription", atMost: 80, in: "subscribe")
        let wasAdded = try state.contents.withLock { contents throws(EffectError) in
            try check(subscription.topic, in: contents, "subscribe")
            return contents.add(subscription)
        }
        guard wasAdded else {
            let name = HandlerErrors.quote(subscription.name.rawValue)
            let message = "There is another subscription \(name): end it first, or choose another name."
            throw errors.error(.conflict, in: "subscribe", message)
        }
        if subscription.delivery != .pull { startPushing() }
    }

    /// Ends a subscription and drops its messages; one that does not exist stays away.
    public func unsubscribe(_ subscription: SubscriptionName) async throws(EffectError) {
        try errors.checkCancellation(in: "unsubscribe")
        state.contents.withLock { $0.remove(subscription) }
        changes.notify()
    }

    /// The subscriptions of a topic, in the order of their names.
    public func subscriptions(of topic: TopicName) async throws(EffectError) -> [Subscription] {
        try errors.checkCancellation(in: "subscriptions")
        return try state.contents.withLock { contents throws(EffectError) in
            try check(topic, in: contents, "subscriptions")
            return contents.subscriptions(of: topic)
        }
    }

    /// Receives messages of a subscription and hides them from its other receivers.
    public func receive(
        from subscription: SubscriptionName,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        try errors.checkCancellation(in: "receive")
        let size = try validation.receivable(limit: limit, visibility: visibility, wait: wait, in: "receive")
        try checkIsPulled(subscription)
        return try await self.wait.messages(within: wait, in: "receive") { now throws(EffectError) in
            try withMessages(of: subscription, in: "receive") { messages in
                let received = messages.receive(.messages, limit: size, visibility: visibility, at: now)
                return (received, messages.nextVisible(after: now))
            }
        }
    }

    /// Says that messages of a subscription were dealt with: they leave it, and stay in others.
    public func acknowledge(
        _ receipts: [MessageReceipt],
        of subscription: SubscriptionName
    ) async throws(EffectError) -> [AcknowledgeResult] {
        try errors.checkCancellation(in: "acknowledge")
        try validation.check(receipts, in: "acknowledge")
        let now = time.monotonicNow
        let error = errors.receiptIsOver(in: "acknowledge")
        let results = try withMessages(of: subscription, in: "acknowledge") { messages in
            receipts.map { receipt -> AcknowledgeResult in
                messages.acknowledge(receipt, at: now) ? .acknowledged : .failed(error)
            }
        }
        changes.notify()
        return results
    }

    /// Hides a received message for longer, or delivers it again at once.
    public func extend(
        _ receipt: MessageReceipt,
        of subscription: SubscriptionName,
        by visibility: Duration
    ) async throws(EffectError) {
        try errors.checkCancellation(in: "extend")
        try validation.checkExtension(visibility, in: "extend")
        let now = time.monotonicNow
        let isExtended = try withMessages(of: subscription, in: "extend") {
            $0.extend(receipt, by: visibility, at: now)
        }
        guard isExtended else { throw errors.receiptIsOver(in: "extend") }
        changes.notify()
    }

    /// Ends the calls that wait and the pushing.
    public func stop() async {
        changes.finish()
        pushing.cancel()
        await pushing.wait()
    }

    private func startPushing() {
        let isFirst = isPushing.withLock { isPushing in
            defer { isPushing = true }
            return !isPushing
        }
        guard isFirst else { return }
        let pusher = MemoryPusher(state: state, targets: targets, wait: wait)
        pushing.start { await pusher.run() }
    }

    private func checkIsPulled(_ subscription: SubscriptionName) throws(EffectError) {
        guard let delivery = state.contents.withLock({ $0.entries[subscription]?.subscription.delivery }),
            delivery != .pull
        else { return }
        let name = HandlerErrors.quote(subscription.rawValue)
        throw errors.error(
            .invalidArgument,
            in: "receive",
            "The subscription \(name) is pushed: nobody receives from it."
        )
    }

    private func withMessages<Result: Sendable>(
        of subscription: SubscriptionName,
        in operation: String,
        _ body: (inout MemoryMessages) -> Result
    ) throws(EffectError) -> Result {
        let result = state.contents.withLock { $0.withMessages(of: subscription, body) }
        if let result { return result }
        let name = HandlerErrors.quote(subscription.rawValue)
        throw errors.error(.notFound, in: operation, "There is no subscription \(name): create it first.")
    }

    private func check(
        _ topic: TopicName,
        in contents: MemoryTopics,
        _ operation: String
    ) throws(EffectError) {
        guard !contents.topics.contains(topic) else { return }
        let name = HandlerErrors.quote(topic.rawValue)
        throw errors.error(.notFound, in: operation, "There is no topic \(name): create it first.")
    }
}
