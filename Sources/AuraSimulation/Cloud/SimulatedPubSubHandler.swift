public import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Synchronization

/// Topics of a ``SimulatedCloud`` as one node sees them; subscriptions are pulled.
public final class SimulatedPubSubHandler: PubSubEffects {
    /// What topics of a simulated cloud declare.
    ///
    /// - Parameter order: What they promise of their messages.
    /// - Returns: The declaration.
    public static func capabilities(_ order: MessageOrder = .standard) -> Capabilities {
        var capabilities = MemoryPubSubHandler.capabilities
        capabilities.features.remove(.push)
        if order == .standard { capabilities.features.subtract([.exclusiveDelivery, .fifo]) }
        return capabilities
    }

    /// Receiving and filters; with groups also their order and exclusive delivery.
    public let capabilities: Capabilities

    private let order: MessageOrder
    private let gate: CloudGate
    private let topics: SimulatedTopics
    private let validation: MessageValidation

    init(_ name: String, _ order: MessageOrder, for caller: String, in cloud: SimulatedCloud) {
        self.order = order
        capabilities = Self.capabilities(order)
        gate = CloudGate(TopicsEffect.self, name, for: caller, in: cloud)
        topics = cloud.topics(name)
        validation = MessageValidation(errors: gate.errors, capabilities: capabilities)
    }

    /// Creates a topic; one that exists stays as it is.
    public func createTopic(_ topic: TopicName) async throws(EffectError) {
        try gate.errors.check(name: topic.rawValue, of: "topic", atMost: 80, in: "createTopic")
        try await gate.call("createTopic", .change) { () throws(EffectError) in
            topics.contents.withLock { _ = $0.topics.insert(topic) }
        }
    }

    /// Removes a topic with its subscriptions and their messages.
    public func removeTopic(_ topic: TopicName) async throws(EffectError) {
        try await gate.call("removeTopic", .change) { () throws(EffectError) in
            topics.contents.withLock { $0.remove(topic) }
        }
        topics.changes.notify()
    }

    /// Publishes messages, each on its own.
    public func publish(_ messages: [TopicMessage], to topic: TopicName) async throws(EffectError) -> [SendResult] {
        let copies = messages.map { QueueMessage($0.body, attributes: $0.attributes, group: $0.group) }
        try validation.check(copies, in: "publish")
        let results = try await gate.call("publish", .change) { () throws(EffectError) in
            let (sent, now) = (gate.cloud.time.now, gate.cloud.time.monotonicNow)
            return try topics.contents.withLock { contents throws(EffectError) in
                try check(topic, in: contents, "publish")
                return messages.map { message in
                    SendResult.sent(
                        contents.publish(message, to: topic, sent: sent, at: now) {
                            gate.drawOvertaking(order, of: $0)
                        }
                    )
                }
            }
        }
        topics.changes.notify()
        return results
    }

    /// Creates a subscription; an equal one that exists stays as it is, with its messages.
    public func subscribe(_ subscription: Subscription) async throws(EffectError) {
        try gate.errors.check(name: subscription.name.rawValue, of: "subscription", atMost: 80, in: "subscribe")
        if subscription.delivery != .pull { try gate.errors.require(.push, of: capabilities, in: "subscribe") }
        try await gate.call("subscribe", .change) { () throws(EffectError) in
            let wasAdded = try topics.contents.withLock { contents throws(EffectError) in
                try check(subscription.topic, in: contents, "subscribe")
                return contents.add(subscription, order)
            }
            if wasAdded { return }
            let name = HandlerErrors.quote(subscription.name.rawValue)
            let message = "There is another subscription \(name): end it first, or choose another name."
            throw gate.errors.error(.conflict, in: "subscribe", message)
        }
    }

    /// Ends a subscription and drops its messages; one that does not exist stays away.
    public func unsubscribe(_ subscription: SubscriptionName) async throws(EffectError) {
        try await gate.call("unsubscribe", .change) { () throws(EffectError) in
            topics.contents.withLock { $0.entries[subscription] = nil }
        }
        topics.changes.notify()
    }

    /// The subscriptions of a topic, in the order of their names.
    public func subscriptions(of topic: TopicName) async throws(EffectError) -> [Subscription] {
        try await gate.call("subscriptions", .read) { () throws(EffectError) in
            try topics.contents.withLock { contents throws(EffectError) in
                try check(topic, in: contents, "subscriptions")
                return contents.subscriptions(of: topic)
            }
        }
    }

    /// Receives messages of a subscription and hides them from its other receivers.
    public func receive(
        from subscription: SubscriptionName,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        let size = try validation.receivable(limit: limit, visibility: visibility, wait: wait, in: "receive")
        return try await gate.call("receive", .change) { () throws(EffectError) in
            try await gate.messages(within: wait, topics.changes, in: "receive") { now throws(EffectError) in
                try withMessages(of: subscription, in: "receive") { messages in
                    let received = messages.receive(.messages, limit: size, visibility: visibility, at: now) {
                        gate.drawRedelivery(within: visibility, isHeld: $0)
                    }
                    return (received, messages.nextVisible(after: now))
                }
            }
        }
    }

    /// Says that messages of a subscription were dealt with: they leave it, and stay in others.
    public func acknowledge(
        _ receipts: [MessageReceipt],
        of subscription: SubscriptionName
    ) async throws(EffectError) -> [AcknowledgeResult] {
        try validation.check(receipts, in: "acknowledge")
        let results = try await gate.call("acknowledge", .change) { () throws(EffectError) in
            let now = gate.cloud.time.monotonicNow
            let error = gate.receiptIsOver(in: "acknowledge")
            return try withMessages(of: subscription, in: "acknowledge") { messages in
                receipts.map { receipt -> AcknowledgeResult in
                    messages.acknowledge(receipt, at: now) ? .acknowledged : .failed(error)
                }
            }
        }
        topics.changes.notify()
        return results
    }

    /// Hides a received message for longer, or delivers it again at once.
    public func extend(
        _ receipt: MessageReceipt,
        of subscription: SubscriptionName,
        by visibility: Duration
    ) async throws(EffectError) {
        try validation.checkExtension(visibility, in: "extend")
        try await gate.call("extend", .change) { () throws(EffectError) in
            let now = gate.cloud.time.monotonicNow
            let isExtended = try withMessages(of: subscription, in: "extend") {
                $0.extend(receipt, by: visibility, at: now)
            }
            guard isExtended else { throw gate.receiptIsOver(in: "extend") }
        }
        topics.changes.notify()
    }

    private func withMessages<Value: Sendable>(
        of name: SubscriptionName,
        in operation: String,
        _ body: (inout SimulatedMessages) -> Value
    ) throws(EffectError) -> Value {
        let value = topics.contents.withLock { contents -> Value? in
            guard var entry = contents.entries[name] else { return nil }
            let value = body(&entry.messages)
            contents.entries[name] = entry
            return value
        }
        if let value { return value }
        let message = "There is no subscription \(HandlerErrors.quote(name.rawValue)): create it first."
        throw gate.errors.error(.notFound, in: operation, message)
    }

    private func check(
        _ topic: TopicName,
        in contents: SimulatedTopics.Contents,
        _ operation: String
    ) throws(EffectError) {
        guard !contents.topics.contains(topic) else { return }
        let name = HandlerErrors.quote(topic.rawValue)
        throw gate.errors.error(.notFound, in: operation, "There is no topic \(name): create it first.")
    }
}
