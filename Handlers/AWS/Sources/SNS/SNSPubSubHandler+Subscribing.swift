#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension SNSPubSubHandler {
    /// The tag of the queues that belong to subscriptions, by which those of others are told apart.
    private static let tag = "aura:topic"

    /// Creates a subscription; an equal one that exists stays as it is: a request for each hundred subscriptions of the
    /// account, and two or three more.
    ///
    /// One that is pushed gets messages once its address has confirmed it, as ``SNSTopics/read(_:)`` and
    /// ``SNSTopics/confirm(_:)`` do.
    public func subscribe(_ subscription: Subscription) async throws(EffectError) {
        try errors.checkCancellation(in: "subscribe")
        let name = subscription.name
        try errors.check(name: name.rawValue, of: "subscription", atMost: 80, in: "subscribe")
        try check(subscription.filter)
        let target = try target(of: subscription)
        let topic = try await arn(of: subscription.topic, for: "subscribe")
        if try await exists(subscription) { return }
        let parts = AWSJSONClient.Parts(resource: name.rawValue, isPart: true)
        _ = try await send(.getTopicAttributes, [("TopicArn", topic)], parts, for: "subscribe")
        var attributes: [(String, String)] = []
        if target == nil {
            try await createQueue(of: subscription)
            attributes.append(("RawMessageDelivery", "true"))
        }
        if !subscription.filter.isEmpty { attributes.append(("FilterPolicy", SNSFilter.policy(subscription.filter))) }
        let queue = try await address(for: "subscribe").queueARN(of: name)
        var parameters = [
            ("TopicArn", topic), ("Protocol", target?.scheme ?? "sqs"), ("Endpoint", target?.endpoint ?? queue),
            ("ReturnSubscriptionArn", "true"),
        ]
        for (index, attribute) in attributes.enumerated() {
            parameters.append(("Attributes.entry.\(index + 1).key", attribute.0))
            parameters.append(("Attributes.entry.\(index + 1).value", attribute.1))
        }
        let change = AWSJSONClient.Parts(resource: name.rawValue, changes: true, isPart: true)
        _ = try await send(.subscribe, parameters, change, for: "subscribe")
    }

    /// Ends a subscription and drops its messages: a request for each hundred subscriptions of the account, and up to four
    /// more.
    ///
    /// SNS ends one that was never confirmed by itself, two days after it began.
    public func unsubscribe(_ subscription: SubscriptionName) async throws(EffectError) {
        try errors.checkCancellation(in: "unsubscribe")
        try errors.check(name: subscription.rawValue, of: "subscription", atMost: 80, in: "unsubscribe")
        let parts = AWSJSONClient.Parts(resource: subscription.rawValue, changes: true, isPart: true)
        for record in try await records(of: nil, for: "unsubscribe") where record.subscription.name == subscription {
            guard let arn = record.arn else { continue }
            _ = try await send(.unsubscribe, [("SubscriptionArn", arn)], parts, for: "unsubscribe")
        }
        // Also where none is listed: an earlier call may have ended halfway.
        try await removeQueue(of: subscription, for: "unsubscribe")
    }

    private func check(_ filter: [String: [String]]) throws(EffectError) {
        // SNS takes no attribute that is empty: what stands for one could not be told from it.
        guard filter.values.contains(where: { $0.isEmpty || $0.contains("") }) else { return }
        let message = "The filter has an attribute without values, or an empty value: give values that are not empty."
        throw errors.error(.invalidArgument, in: "subscribe", message)
    }

    /// Where messages are pushed to; `nil` for a subscription that is pulled.
    private func target(
        of subscription: Subscription
    ) throws(EffectError) -> (endpoint: String, scheme: String)? {
        guard case .push(let address) = subscription.delivery else { return nil }
        if let target = SNSPushAddress.endpoint(address, named: subscription.name) { return target }
        let message = "The address to push to is none: give one such as 'https://example.com/messages'."
        throw errors.error(.invalidArgument, in: "subscribe", message)
    }

    /// Whether an equal subscription is there; fails where there is another one of its name.
    private func exists(_ subscription: Subscription) async throws(EffectError) -> Bool {
        let records = try await records(of: nil, for: "subscribe")
        guard let record = records.first(where: { $0.subscription.name == subscription.name }) else { return false }
        var found = record.subscription
        found.filter = subscription.filter
        if found == subscription {
            let filter = try await filter(of: record, for: "subscribe")
            if record.arn == nil || filter == subscription.filter { return true }
        }
        throw conflict(subscription.name)
    }

    private func conflict(_ name: SubscriptionName) -> EffectError {
        let message = "There is another subscription '\(name)': end it first, or choose another name."
        return errors.error(.conflict, in: "subscribe", message)
    }

    private func createQueue(of subscription: Subscription) async throws(EffectError) {
        let policy = try await address(for: "subscribe").policy(for: subscription.name, of: subscription.topic)
        let input: JSONValue = [
            "QueueName": .string(subscription.name.rawValue), "Attributes": ["Policy": .string(policy)],
            "tags": .members([(Self.tag, .string(subscription.topic.rawValue))]),
        ]
        let parts = AWSJSONClient.Parts(resource: subscription.name.rawValue, changes: true, isPart: true)
        do throws(EffectError) {
            _ = try await queues.send(SQSService.Operation.createQueue.effectOperation, input, parts, for: "subscribe")
        } catch {
            // A queue of that name with another policy: of another topic, or of others.
            if error.code == .conflict { throw conflict(subscription.name) }
            throw error
        }
    }

    /// Removes the queue of a subscription, where it is one.
    func removeQueue(of name: SubscriptionName, for method: String) async throws(EffectError) {
        let queue = try queue(of: name, in: method)
        do throws(EffectError) {
            let look = AWSJSONClient.Parts(resource: name.rawValue, isPart: true)
            let tags = try await queue.send(.listQueueTags, .messages, [], look, for: method)
            guard tags["Tags"]?.text(Self.tag) != nil else { return }
            let parts = AWSJSONClient.Parts(resource: name.rawValue, changes: true, isPart: true)
            _ = try await queue.send(.deleteQueue, .messages, [], parts, for: method)
        } catch {
            guard error.code == .notFound else { throw error }
        }
        forgetQueue(of: name)
    }
}
#endif
