internal import AuraEffects

extension PubSubEffects {
    /// Publishes messages of a text each, one call after the other.
    func publish(_ texts: [String], to topic: TopicName, group: MessageGroup? = nil) async throws {
        for text in texts { try await publish(TopicMessage(Array(text.utf8), group: group), to: topic) }
    }

    /// Creates a topic with subscriptions that are pulled.
    func create(_ topic: TopicName, _ subscriptions: SubscriptionName...) async throws {
        try await createTopic(topic)
        for name in subscriptions { try await subscribe(Subscription(name, to: topic)) }
    }

    /// Receives until so many messages have come; a service may give fewer than wait.
    func receive(
        _ count: Int,
        from subscription: SubscriptionName,
        visibility: Duration = .seconds(30)
    ) async throws -> [ReceivedMessage] {
        var messages: [ReceivedMessage] = []
        for _ in 0..<(count + 5) where messages.count < count {
            let limit = count - messages.count
            messages += try await receive(from: subscription, limit: limit, visibility: visibility, wait: .zero)
        }
        try expectEqual(messages.count, count, "the messages received of \(count) that wait in '\(subscription)'")
        return messages
    }

    /// Fails unless nothing can be received now.
    func expectNothing(
        from subscription: SubscriptionName,
        _ what: String,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws {
        let messages = try await receive(from: subscription, limit: 10, visibility: .seconds(30), wait: .zero)
        let what = "the messages in '\(subscription)' \(what)"
        try expectEqual(messages.map(\.text), [], what, fileID: fileID, line: line)
    }
}
