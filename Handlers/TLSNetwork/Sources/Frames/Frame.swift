#if TLSNetwork
internal import AuraEffects

/// What two nodes tell each other: a unit of the protocol that `docs/network-protocol.md` describes.
enum Frame: Sendable, Hashable {
    /// The first frame of each side.
    case hello(Hello)
    /// A message.
    case message(Envelope)
    /// A message whose sender waits for the reply of this number.
    case request(UInt64, timeout: Duration, Envelope)
    /// The answer to the request of this number; it has no channel.
    case reply(UInt64, Envelope)
    /// Lets the peer send so many more bytes on a channel.
    case credit(ChannelName, UInt32)
    /// Says that the sender is there while it has nothing else to say.
    case heartbeat
    /// The last frame of a side.
    case goodbye(GoodbyeReason)

    /// Whether it brings a message that waits for a consumer.
    var isMessage: Bool {
        switch self {
        case .message, .request: true
        case .hello, .reply, .credit, .heartbeat, .goodbye: false
        }
    }

    /// The kinds as they are written.
    enum Kind: UInt8 {
        case hello = 1
        case message = 2
        case request = 3
        case reply = 4
        case credit = 5
        case heartbeat = 6
        case goodbye = 7

        /// Whether a payload follows the head.
        var hasPayload: Bool {
            switch self {
            case .message, .request, .reply: true
            case .hello, .credit, .heartbeat, .goodbye: false
            }
        }
    }
}

/// How a node introduces itself.
struct Hello: Sendable, Hashable {
    /// The four bytes that every hello begins with.
    static let magic: [UInt8] = Array("AURA".utf8)
    /// The protocol's version.
    static let version: UInt16 = 1

    /// Drawn at random when the node starts.
    var instance: UInt64
    /// Counts the hellos of an instance, over all its connections.
    var serial: UInt64
    /// The most bytes of a payload that the node takes.
    var payloadLimit: UInt32
    /// The credit in bytes that every channel begins with.
    var window: UInt32
    /// The most channels that the node takes messages on, over one connection.
    var channelLimit: UInt32
}

/// Why a side ends a connection.
enum GoodbyeReason: UInt8, Sendable, Hashable {
    /// The node stops.
    case stopping = 1
    /// Another connection to the same peer serves.
    case duplicate = 2
    /// The peer broke a rule of the protocol.
    case violation = 3
    /// The peer is not trusted any more.
    case untrusted = 4
}

/// How frames are laid out.
enum FrameLayout {
    /// The length, the kind, a zero, the length of the head.
    static let prefixBytes = 8
    /// What the length counts besides head and payload.
    static let countedPrefixBytes = 4
    /// The most bytes of a head: channel, headers and numbers.
    static let headLimit = Int(UInt16.max)
    /// The most bytes of a channel's name.
    static let channelLimit = Int(UInt8.max)
    /// What a message costs of a channel's credit beside its own bytes: about what an empty one takes in memory.
    static let messageCost = 256

    /// What a message costs of its channel's credit, on both sides: its texts, its payload and ``messageCost``.
    static func cost(of envelope: Envelope) -> Int {
        var bytes = messageCost + envelope.channel.rawValue.utf8.count + envelope.payload.count
        for (name, value) in envelope.headers { bytes += name.utf8.count + value.utf8.count }
        return bytes
    }
}
#endif
