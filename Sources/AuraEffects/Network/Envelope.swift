/// The address of a node in the network.
public struct PeerID: RawRepresentable, Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// The peer's name.
    public let rawValue: String

    /// Creates an address.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates an address.
    public init(_ name: String) {
        rawValue = name
    }

    /// The peer's name.
    public var description: String { rawValue }

    /// Whether the left name comes first.
    public static func < (left: PeerID, right: PeerID) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// What envelopes are sorted by at their receiver.
public struct ChannelName: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The channel's name.
    public let rawValue: String

    /// Creates a name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates a name from a literal.
    public init(stringLiteral value: String) {
        rawValue = value
    }

    /// The channel's name.
    public var description: String { rawValue }
}

/// Lets the receiver of a request answer it; only the handler that issued it can use it.
public struct ReplyToken: RawRepresentable, Sendable, Hashable, Codable {
    /// The request's number within its connection.
    public let rawValue: UInt64

    /// Creates a token; for handlers.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}

/// A message between peers.
public struct Envelope: Sendable, Hashable, Codable {
    /// The channel that the receiver finds it on.
    public var channel: ChannelName
    /// Names and values beside the payload.
    public var headers: [String: String]
    /// The message's bytes.
    public var payload: [UInt8]
    /// Who sent it, set by the receiving handler: proven where that declares ``Capability/verifiedSender``.
    public var sender: PeerID?
    /// Set by the receiving handler where the sender waits for a reply.
    public var replyToken: ReplyToken?

    /// Creates a message to send.
    ///
    /// - Parameters:
    ///   - channel: The channel that the receiver finds it on.
    ///   - headers: Names and values beside the payload.
    ///   - payload: The message's bytes.
    public init(channel: ChannelName, headers: [String: String] = [:], payload: [UInt8]) {
        self.channel = channel
        self.headers = headers
        self.payload = payload
    }
}

/// What a handler learns of its connections.
public enum PeerEvent: Sendable, Hashable, Codable {
    /// A connection to the peer began.
    case connected(PeerID)
    /// The connection to the peer ended; what it had not delivered is lost.
    case disconnected(PeerID)
}
