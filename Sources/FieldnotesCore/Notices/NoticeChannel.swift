package import AuraEffects

/// What carries notices: the queue, or a topic that each worker has a subscription of.
package enum NoticeChannel: Hashable, Sendable {
    case queue
    case topic(TopicName, as: SubscriptionName)
}

/// A channel with the system that has it.
struct NoticePath: Sendable {
    let effects: EffectSystem
    let channel: NoticeChannel

    private static let most = 10
    /// Longer than a worker takes to index what was added since its last notice.
    private static let visibility = Duration.seconds(300)
    /// How long what announces entries that are not there yet is put off.
    private static let pause = Duration.seconds(10)
    /// Where there are no dead letters, as for a subscription, what is no notice is dropped after so many deliveries.
    private static let mostDeliveries = 5

    func send(_ notice: ChangeNotice) async throws(EffectError) {
        switch channel {
        case .queue: try await effects.queue.send(QueueMessage(notice.body))
        case .topic(let topic, _): try await effects.topics.publish(TopicMessage(notice.body), to: topic)
        }
    }

    func receive(wait: Duration) async throws(EffectError) -> [ReceivedMessage] {
        switch channel {
        case .queue:
            try await effects.queue.receive(.messages, limit: Self.most, visibility: Self.visibility, wait: wait)
        case .topic(_, let name):
            try await effects.topics.receive(from: name, limit: Self.most, visibility: Self.visibility, wait: wait)
        }
    }

    func acknowledge(_ message: ReceivedMessage) async throws(EffectError) {
        do throws(EffectError) {
            switch channel {
            case .queue: try await effects.queue.acknowledge(message)
            case .topic(_, let name): try await effects.topics.acknowledge(message, of: name)
            }
        } catch  where error.code == .preconditionFailed {
            // Its time is over: it comes again, and changes nothing then.
        }
    }

    /// Gives back what is no notice: the queue puts it aside once it was delivered too often.
    func refuse(_ message: ReceivedMessage) async throws(EffectError) {
        let isPutAside = channel == .queue && effects.queue.capabilities.contains(.deadLetters)
        if !isPutAside, message.deliveryCount >= Self.mostDeliveries { return try await acknowledge(message) }
        try await hide(message, for: .zero)
    }

    /// Puts off what cannot be dealt with yet.
    func putOff(_ message: ReceivedMessage) async throws(EffectError) {
        try await hide(message, for: Self.pause)
    }

    private func hide(_ message: ReceivedMessage, for time: Duration) async throws(EffectError) {
        do throws(EffectError) {
            switch channel {
            case .queue: try await effects.queue.extend(message.receipt, by: time)
            case .topic(_, let name): try await effects.topics.extend(message.receipt, of: name, by: time)
            }
        } catch  where error.code == .preconditionFailed {
            // Its time is over: it comes again.
        }
    }
}
