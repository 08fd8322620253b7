internal import AuraEffects

/// The constants of the protocol that `docs/replication-protocol.md` describes.
enum ReplicationProtocol {
    /// The first byte of every message.
    static let version: UInt8 = 1

    /// The smallest limit of an envelope's payload that the protocol can work with: an entry without its payload fits.
    static let leastMessageBytes = 4096

    /// The largest message where neither the network nor the budget sets a limit.
    static let mostMessageBytes = ByteCount.mebibytes(16).bytes

    /// The second byte of a message.
    enum Kind: UInt8 {
        case frontier = 1
        case pull = 2
        case part = 3
        case settle = 4
        case push = 5
        case frontierReply = 0x81
        case batch = 0x82
        case partReply = 0x83
        case settled = 0x84
        case refusal = 0xff
    }

    /// How many heads of origins fit into a message beside its other parts.
    static func headCount(in messageBytes: Int) -> Int {
        max(1, (messageBytes - 256) / headBytes)
    }

    /// The most bytes that the head of an origin takes: origin, sequence and hash.
    private static let headBytes = 16 + 9 + 32
}

/// What is wrong with the bytes of a message.
struct MessageFault: Error {
    var reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}
