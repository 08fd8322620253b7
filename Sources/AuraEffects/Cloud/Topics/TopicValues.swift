/// The name of a topic: it begins with an ASCII letter, and 1 to 80 letters, digits, hyphens and underscores it is in all.
public struct TopicName: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The name.
    public let rawValue: String

    /// Creates a name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates a name from a literal.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }

    /// The name.
    public var description: String { rawValue }
}

extension TopicName: EffectResource {
    /// The topic's name.
    public var effectResource: String { rawValue }
}

/// The name of a subscription, of the same form as a ``TopicName``; no two topics have subscriptions of one name.
public struct SubscriptionName: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The name.
    public let rawValue: String

    /// Creates a name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates a name from a literal.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }

    /// The name.
    public var description: String { rawValue }
}

extension SubscriptionName: EffectResource {
    /// The subscription's name.
    public var effectResource: String { rawValue }
}

/// A message that is to be published.
public struct TopicMessage: Sendable, Hashable, Codable {
    /// What the message says; it may be empty.
    public var body: [UInt8]

    /// Notes beside the body, which subscriptions may filter by; of the same form as those of a ``QueueMessage``.
    public var attributes: [String: String]

    /// The group that the message is delivered in the order of: the capability ``Capability/fifo``.
    public var group: MessageGroup?

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - body: What the message says.
    ///   - attributes: Notes beside the body.
    ///   - group: The group that the message is delivered in the order of.
    public init(_ body: [UInt8], attributes: [String: String] = [:], group: MessageGroup? = nil) {
        self.body = body
        self.attributes = attributes
        self.group = group
    }
}

/// Who gets the messages of a topic, and how.
public struct Subscription: Sendable, Hashable, Codable {
    /// How messages are delivered.
    public enum Delivery: Sendable, Hashable, Codable {
        /// Whoever asks gets them: the capability ``Capability/receive``.
        case pull
        /// The service sends them to an address: the capability ``Capability/push``.
        case push(to: String)
    }

    /// The subscription's name.
    public var name: SubscriptionName

    /// The topic.
    public var topic: TopicName

    /// How messages are delivered.
    public var delivery: Delivery

    /// Which messages are delivered: those that have each named attribute with one of its values; all where it is empty.
    ///
    /// It is the capability ``Capability/filters``.
    public var filter: [String: [String]]

    /// Creates a subscription.
    ///
    /// - Parameters:
    ///   - name: The subscription's name.
    ///   - topic: The topic.
    ///   - delivery: How messages are delivered.
    ///   - filter: Which messages are delivered.
    public init(
        _ name: SubscriptionName,
        to topic: TopicName,
        delivery: Delivery = .pull,
        filter: [String: [String]] = [:]
    ) {
        self.name = name
        self.topic = topic
        self.delivery = delivery
        self.filter = filter
    }

    /// Whether a message with these attributes is delivered.
    public func wants(_ attributes: [String: String]) -> Bool {
        filter.allSatisfy { name, values in attributes[name].map { values.contains($0) } ?? false }
    }
}

extension Subscription: EffectResource {
    /// The subscription's name.
    public var effectResource: String { name.effectResource }
}
