#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension SNSPubSubHandler {
    /// Creates a topic; one that exists stays as it is: one request.
    public func createTopic(_ topic: TopicName) async throws(EffectError) {
        try errors.checkCancellation(in: "createTopic")
        try errors.check(name: topic.rawValue, of: "topic", atMost: 80, in: "createTopic")
        let parts = AWSJSONClient.Parts(resource: topic.rawValue, changes: true)
        _ = try await send(.createTopic, [("Name", topic.rawValue)], parts, for: "createTopic")
    }

    /// Removes a topic with its subscriptions and their queues: two requests, and three for each subscription that is pulled.
    public func removeTopic(_ topic: TopicName) async throws(EffectError) {
        try errors.checkCancellation(in: "removeTopic")
        let arn = try await arn(of: topic, for: "removeTopic")
        let records: [SNSRecord]
        do throws(EffectError) {
            records = try await self.records(of: topic, for: "removeTopic")
        } catch {
            if error.code == .notFound { return }
            throw error
        }
        // Before the topic, which says which they are: where this ends halfway the next call goes on.
        for record in records where record.subscription.delivery == .pull {
            try await removeQueue(of: record.subscription.name, for: "removeTopic")
        }
        let parts = AWSJSONClient.Parts(resource: topic.rawValue, changes: true, isPart: true)
        _ = try await send(.deleteTopic, [("TopicArn", arn)], parts, for: "removeTopic")
    }

    /// The subscriptions of a topic that are pulled, or pushed by this handler, in the order of their names: a request for
    /// each hundred, and one for each subscription.
    ///
    /// The filter of one that was not confirmed yet is not known, and empty.
    public func subscriptions(of topic: TopicName) async throws(EffectError) -> [Subscription] {
        try errors.checkCancellation(in: "subscriptions")
        var subscriptions: [Subscription] = []
        for record in try await records(of: topic, for: "subscriptions") {
            var subscription = record.subscription
            subscription.filter = try await filter(of: record, for: "subscriptions")
            subscriptions.append(subscription)
        }
        return subscriptions.sorted { $0.name.rawValue.utf8.lexicographicallyPrecedes($1.name.rawValue.utf8) }
    }

    /// Whether topics are there.
    func status(of topics: [TopicName]) async throws(EffectError) -> [ServiceResource] {
        var found: [ServiceResource] = []
        for topic in topics {
            let parameters = [("TopicArn", try await arn(of: topic, for: "create"))]
            let parts = AWSJSONClient.Parts(resource: topic.rawValue)
            var resource = ServiceResource("SNS topic", topic.rawValue, exists: true)
            do throws(EffectError) {
                _ = try await send(.getTopicAttributes, parameters, parts, for: "create")
            } catch  where error.code == .notFound {
                resource.exists = false
            }
            found.append(resource)
        }
        return found
    }

    /// The subscriptions of a topic, or of every one, without their filters.
    func records(of topic: TopicName?, for method: String) async throws(EffectError) -> [SNSRecord] {
        let address = try await address(for: method)
        var parameters: [(String, String)] = []
        if let topic { parameters.append(("TopicArn", try await arn(of: topic, for: method))) }
        let operation = topic == nil ? SNSService.Operation.listSubscriptions : .listSubscriptionsByTopic
        var parts = AWSJSONClient.Parts(resource: topic?.rawValue ?? "")
        var records: [SNSRecord] = []
        while true {
            let answer = try await send(operation, parameters, parts, for: method)
            records += answer["Subscriptions"]?.all("member").compactMap { SNSRecord($0, address) } ?? []
            guard let next = answer.text("NextToken"), !next.isEmpty else { return records }
            parameters.removeAll { $0.0 == "NextToken" }
            parameters.append(("NextToken", next))
            parts.isPart = true
        }
    }

    /// The filter of a subscription.
    func filter(of record: SNSRecord, for method: String) async throws(EffectError) -> [String: [String]] {
        guard let arn = record.arn else { return [:] }
        let parts = AWSJSONClient.Parts(resource: record.subscription.name.rawValue, isPart: true)
        let answer: XMLElement
        do throws(EffectError) {
            answer = try await send(.getSubscriptionAttributes, [("SubscriptionArn", arn)], parts, for: method)
        } catch {
            // It has ended meanwhile.
            if error.code == .notFound { return [:] }
            throw error
        }
        let entries = answer["Attributes"]?.all("entry") ?? []
        let policy = entries.first { $0.text("key") == "FilterPolicy" }?.text("value")
        return policy.map { SNSFilter.filter($0) } ?? [:]
    }
}

/// A subscription as SNS lists it.
struct SNSRecord: Sendable {
    /// The subscription; its filter is not among what SNS lists.
    var subscription: Subscription
    /// SNS's name of it; `nil` for one that was not confirmed.
    var arn: String?

    /// Reads an element of a list; `nil` for a subscription of another kind.
    init?(_ element: XMLElement, _ address: SNSAddress) {
        guard let topic = element.text("TopicArn").flatMap({ address.topic(of: $0) }),
            let endpoint = element.text("Endpoint"), let arn = element.text("SubscriptionArn"), arn != "Deleted"
        else { return nil }
        switch element.text("Protocol") {
        case "sqs":
            guard let name = address.subscription(ofQueue: endpoint) else { return nil }
            subscription = Subscription(name, to: topic)
        case "http", "https":
            guard let (url, name) = SNSPushAddress.parse(endpoint) else { return nil }
            subscription = Subscription(name, to: topic, delivery: .push(to: url))
        default: return nil
        }
        self.arn = arn.hasPrefix("arn:") ? arn : nil
    }
}
#endif
