internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// The topics of a simulated cloud, with the messages of their subscriptions.
final class SimulatedTopics: Sendable {
    struct Entry: Sendable {
        var subscription: Subscription
        var messages: SimulatedMessages
    }

    struct Contents: Sendable {
        var topics: Set<TopicName> = []
        var entries: [SubscriptionName: Entry] = [:]
        var lastNumber: UInt64 = 0

        mutating func remove(_ topic: TopicName) {
            topics.remove(topic)
            entries = entries.filter { $0.value.subscription.topic != topic }
        }

        /// Adds a subscription; `false` where there is another one of its name.
        mutating func add(_ subscription: Subscription, _ order: MessageOrder) -> Bool {
            if let entry = entries[subscription.name] { return entry.subscription == subscription }
            // Nothing of a topic becomes a dead letter, and no message has a name.
            let messages = SimulatedMessages(order, mostDeliveries: .max, deduplication: .zero)
            entries[subscription.name] = Entry(subscription: subscription, messages: messages)
            return true
        }

        /// The subscriptions of a topic, in the order of their names.
        func subscriptions(of topic: TopicName) -> [Subscription] {
            entries.values.map(\.subscription).filter { $0.topic == topic }
                .sorted { $0.name.rawValue.utf8.lexicographicallyPrecedes($1.name.rawValue.utf8) }
        }

        /// Gives a message to every subscription of a topic that wants it.
        mutating func publish(
            _ message: TopicMessage,
            to topic: TopicName,
            sent: WallTime,
            at now: MonotonicInstant,
            overtaking: (_ count: Int) -> Int
        ) -> MessageID {
            lastNumber += 1
            let id = MessageID(rawValue: String(lastNumber))
            let copy = QueueMessage(message.body, attributes: message.attributes, group: message.group)
            for subscription in subscriptions(of: topic) where subscription.wants(message.attributes) {
                let name = subscription.name
                let overtaken = overtaking(entries[name]?.messages.count ?? 0)
                entries[name]?.messages.send(copy, named: id, sent: sent, at: now, overtaking: overtaken)
            }
            return id
        }
    }

    let changes = ChangeSignal()
    let contents = Mutex(Contents())
}
