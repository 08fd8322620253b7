/// Which messages of a queue.
public enum QueueSource: String, Sendable, Hashable, Codable {
    /// Those that were sent.
    case messages
    /// Those that were delivered too often without being acknowledged: ``Limit/deliveries``.
    case deadLetters
}

extension QueueSource: EffectResource {
    /// The word for the messages.
    public var effectResource: String { rawValue }
}

/// The right to deal with a delivered message for a time.
///
/// Each delivery has its own.
public struct MessageReceipt: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// The service's name of the delivery.
    public let rawValue: String

    /// Creates a receipt; for handlers.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// The service's name of the delivery.
    public var description: String { rawValue }
}

/// A message that was received.
public struct ReceivedMessage: Sendable, Hashable, Codable {
    /// The service's name of the message.
    public var id: MessageID

    /// The right to deal with the message until its time is over.
    public var receipt: MessageReceipt

    /// What the message says.
    public var body: [UInt8]

    /// Notes beside the body.
    public var attributes: [String: String]

    /// The group that the message is delivered in the order of.
    public var group: MessageGroup?

    /// How often the message was delivered, this time included; some services count roughly.
    public var deliveryCount: Int

    /// When the message was sent, by the service's clock; some services know it to the second.
    public var sent: WallTime

    /// Creates a message; for handlers.
    public init(
        id: MessageID,
        receipt: MessageReceipt,
        body: [UInt8],
        attributes: [String: String],
        group: MessageGroup?,
        deliveryCount: Int,
        sent: WallTime
    ) {
        self.id = id
        self.receipt = receipt
        self.body = body
        self.attributes = attributes
        self.group = group
        self.deliveryCount = deliveryCount
        self.sent = sent
    }
}

/// What became of an acknowledgement among others.
public enum AcknowledgeResult: Sendable, Codable {
    /// The message has left the queue.
    case acknowledged
    /// It has not, or that is unknown: the error's outcome says which.
    case failed(EffectError)

    /// Does nothing where the message was acknowledged.
    ///
    /// - Throws: ``EffectError`` where it was not.
    public func get() throws(EffectError) {
        if case .failed(let error) = self { throw error }
    }
}
