#if AWS
internal import AuraEffects

/// The names that AWS gives to the topics and queues of one account in one region.
struct SNSAddress: Sendable, Hashable {
    let partition: String
    let region: String
    let account: String

    /// What every topic's ARN begins with.
    var topics: String { "arn:\(partition):sns:\(region):\(account):" }

    /// What every queue's ARN begins with.
    private var queues: String { "arn:\(partition):sqs:\(region):\(account):" }

    /// Reads the ARN of who calls; `nil` where it is none.
    ///
    /// Source: AWS Security Token Service API Reference, "GetCallerIdentity".
    init?(caller arn: String, region: String) {
        let parts = arn.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count >= 6, parts[0] == "arn", parts[4].utf8.count == 12,
            parts[4].utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        partition = String(parts[1])
        self.region = region
        account = String(parts[4])
    }

    func arn(of topic: TopicName) -> String { topics + topic.rawValue }

    /// The queue of a subscription that is pulled: it has the subscription's name.
    func queueARN(of name: SubscriptionName) -> String { queues + name.rawValue }

    /// The topic of an ARN; `nil` for one of another account, region or kind.
    func topic(of arn: String) -> TopicName? {
        guard arn.hasPrefix(topics) else { return nil }
        let name = arn.dropFirst(topics.count)
        return name.contains(where: { ":.".contains($0) }) ? nil : TopicName(rawValue: String(name))
    }

    /// The subscription whose queue has an ARN; `nil` for a queue of others.
    func subscription(ofQueue arn: String) -> SubscriptionName? {
        guard arn.hasPrefix(queues), !arn.hasSuffix(".fifo") else { return nil }
        return SubscriptionName(rawValue: String(arn.dropFirst(queues.count)))
    }

    /// The policy that lets a topic send to the queue of a subscription.
    ///
    /// Source: Amazon SNS Developer Guide, "Subscribing an Amazon SQS queue to an Amazon SNS topic".
    func policy(for name: SubscriptionName, of topic: TopicName) -> String {
        """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},\
        "Action":"sqs:SendMessage","Resource":"\(queueARN(of: name))",\
        "Condition":{"ArnEquals":{"aws:SourceArn":"\(arn(of: topic))"}}}]}
        """
    }
}

/// The address that a subscription is pushed to, which carries the subscription's name: SNS has no names of subscriptions.
enum SNSPushAddress {
    private static let parameter = "aura-subscription="

    /// The address as SNS is told it; `nil` where it is none of HTTP.
    static func endpoint(_ address: String, named name: SubscriptionName) -> (endpoint: String, scheme: String)? {
        guard let url = HTTPURL(address), !address.contains("#") else { return nil }
        let scheme = url.scheme == .https ? "https" : "http"
        return ("\(address)\(address.contains("?") ? "&" : "?")\(parameter)\(name)", scheme)
    }

    /// The address and the name of an endpoint; `nil` for one that others subscribed.
    static func parse(_ endpoint: String) -> (address: String, name: SubscriptionName)? {
        guard let mark = endpoint.lastIndex(where: { "?&".contains($0) }) else { return nil }
        let last = endpoint[endpoint.index(after: mark)...]
        guard last.hasPrefix(parameter) else { return nil }
        return (String(endpoint[..<mark]), SubscriptionName(rawValue: String(last.dropFirst(parameter.count))))
    }
}
#endif
