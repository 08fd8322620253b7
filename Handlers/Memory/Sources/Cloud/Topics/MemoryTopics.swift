internal import AuraEffects

/// The topics of a memory handler, with the messages of their subscriptions.
struct MemoryTopics: Sendable {
    struct Entry: Sendable {
        var subscription: Subscription
        var messages: MemoryMessages
    }

    private(set) var topics: Set<TopicName> = []
    private(set) var entries: [SubscriptionName: Entry] = [:]
    private var lastNumber: UInt64 = 0

    mutating func create(_ topic: TopicName) {
        topics.insert(topic)
    }

    mutating func remove(_ topic: TopicName) {
        topics.remove(topic)
        entries = entries.filter { $0.value.subscription.topic != topic }
    }

    /// Adds a subscription; `false` where there is another one of its name.
    mutating func add(_ subscription: Subscription) -> Bool {
        if let entry = entries[subscription.name] { return entry.subscription == subscription }
        // Nothing of a topic becomes a dead letter, and no message has a name.
        let messages = MemoryMessages(mostDeliveries: .max, deduplication: .zero)
        entries[subscription.name] = Entry(subscription: subscription, messages: messages)
        return true
    }

    mutating func remove(_ name: SubscriptionName) {
        entries[name] = nil
    }

    func subscriptions(of topic: TopicName) -> [Subscription] {
        entries.values.map(\.subscription).filter { $0.topic == topic }
            .sorted { $0.name.rawValue.utf8.lexicographicallyPrecedes($1.name.rawValue.utf8) }
    }

    /// Gives a message to every subscription of a topic that wants it.
    mutating func publish(
        _ message: TopicMessage,
        to topic: TopicName,
        sent: WallTime,
        at now: MonotonicInstant
    ) -> MessageID {
        lastNumber += 1
        let id = MessageID(rawValue: String(lastNumber))
        let copy = QueueMessage(message.body, attributes: message.attributes, group: message.group)
        for (name, entry) in entries where entry.subscription.topic == topic {
            guard entry.subscription.wants(message.attributes) else { continue }
            entries[name]?.messages.send(copy, named: id, sent: sent, at: now)
        }
        return id
    }

    /// Changes a subscription's messages; `nil` where there is no such subscription.
    mutating func withMessages<Result>(
        of name: SubscriptionName,
        _ body: (inout MemoryMessages) -> Result
    ) -> Result? {
        guard entries[name] != nil else { return nil }
        return entries[name]
            .map { entry in
                var messages = entry.messages
                let result = body(&messages)
                entries[name]?.messages = messages
                return result
            }
    }

    /// Takes the messages that are to be pushed now, and says when one that is hidden is not any more.
    mutating func takeForPushing(
        visibility: Duration,
        at now: MonotonicInstant
    ) -> (messages: [(Subscription, ReceivedMessage)], nextVisible: MonotonicInstant?) {
        var taken: [(Subscription, ReceivedMessage)] = []
        var nextVisible: MonotonicInstant?
        for (name, entry) in entries where entry.subscription.delivery != .pull {
            // One at a time, so that a group keeps its order where one of it is refused.
            let messages = entries[name]?.messages.receive(.messages, limit: 1, visibility: visibility, at: now) ?? []
            taken += messages.map { (entry.subscription, $0) }
            let next = entries[name]?.messages.nextVisible(after: now)
            nextVisible = [nextVisible, next].compactMap(\.self).min()
        }
        return (taken, nextVisible)
    }
}
