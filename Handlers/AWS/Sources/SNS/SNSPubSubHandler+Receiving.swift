#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension SNSPubSubHandler {
    /// Receives messages of a subscription and hides them from its other receivers: one request for each 20 s of waiting.
    public func receive(
        from subscription: SubscriptionName,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        let queue = try queue(of: subscription, in: "receive")
        do throws(EffectError) {
            return try await queue.receive(.messages, limit: limit, visibility: visibility, wait: wait)
        } catch {
            guard error.code == .notFound else { throw error }
            let records = try await records(of: nil, for: "receive")
            guard records.contains(where: { $0.subscription.name == subscription && $0.subscription.delivery != .pull })
            else { throw error }
            let message = "The subscription '\(subscription)' is pushed: nobody receives from it."
            throw errors.error(.invalidArgument, in: "receive", message)
        }
    }

    /// Says that messages of a subscription were dealt with: one request.
    public func acknowledge(
        _ receipts: [MessageReceipt],
        of subscription: SubscriptionName
    ) async throws(EffectError) -> [AcknowledgeResult] {
        try await queue(of: subscription, in: "acknowledge").acknowledge(receipts)
    }

    /// Hides a received message for longer, or delivers it again at once: one request.
    public func extend(
        _ receipt: MessageReceipt,
        of subscription: SubscriptionName,
        by visibility: Duration
    ) async throws(EffectError) {
        try await queue(of: subscription, in: "extend").extend(receipt, by: visibility)
    }
}
#endif
