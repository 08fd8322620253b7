/// A message that is to be sent.
public struct QueueMessage: Sendable, Hashable, Codable {
    /// What the message says; it may be empty.
    public var body: [UInt8]

    /// Notes beside the body, which services may filter by.
    ///
    /// A name begins with a lower-case letter; lower-case letters, digits and underscores follow. A value is any text without
    /// control characters.
    public var attributes: [String: String]

    /// How long the message waits before it is delivered first: the capability ``Capability/delay``.
    ///
    /// A message of a group has none.
    public var delay: Duration

    /// The group that the message is delivered in the order of: the capability ``Capability/fifo``.
    public var group: MessageGroup?

    /// A name by which the queue takes the message once, however often it is sent: the capability ``Capability/deduplication``.
    public var deduplicationID: String?

    /// Creates a message.
    ///
    /// - Parameters:
    ///   - body: What the message says.
    ///   - attributes: Notes beside the body.
    ///   - delay: How long the message waits before it is delivered first.
    ///   - group: The group that the message is delivered in the order of.
    ///   - deduplicationID: A name by which the queue takes the message once.
    public init(
        _ body: [UInt8],
        attributes: [String: String] = [:],
        delay: Duration = .zero,
        group: MessageGroup? = nil,
        deduplicationID: String? = nil
    ) {
        self.body = body
        self.attributes = attributes
        self.delay = delay
        self.group = group
        self.deduplicationID = deduplicationID
    }

    /// The message's size as ``Limit/messageBytes`` counts it: the body, and the UTF-8 bytes of the attributes.
    public var byteCount: Int {
        attributes.reduce(body.count) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    }
}

/// Messages that are delivered in the order in which they were sent.
public struct MessageGroup: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The group's name: 1 to 128 ASCII letters, digits, hyphens and underscores.
    public let rawValue: String

    /// Creates a group's name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The group's name.
    public var description: String { rawValue }
}

/// The service's name of a message.
public struct MessageID: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The name.
    public let rawValue: String

    /// Creates a name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The name.
    public var description: String { rawValue }
}

/// What became of a message that was sent among others.
public enum SendResult: Sendable, Codable {
    /// The service has the message.
    case sent(MessageID)
    /// It has it not, or that is unknown: the error's outcome says which.
    case failed(EffectError)

    /// The message's name.
    ///
    /// - Returns: The name.
    /// - Throws: ``EffectError`` where the message was not sent.
    public func get() throws(EffectError) -> MessageID {
        switch self {
        case .sent(let id): return id
        case .failed(let error): throw error
        }
    }
}
