internal import AuraEffects

/// An origin's signature of its head, as the payload of the entry that follows the head.
///
/// It signs the whole chain below: a head's hash covers every entry before it. The entry itself is covered by the next signature;
/// its id is signed with the head, so that its timestamp is the only thing of it that nobody has signed yet.
struct HeadSignature: Hashable {
    /// The kind of the entries that are signatures.
    static let kind: EntryKind = "aura.head/1"

    /// What the names of the streams of signatures begin with; the origin follows.
    static let streamPrefix = "aura.heads/"

    /// The stream of an origin's signatures.
    static func stream(of origin: OriginID) -> StreamName {
        StreamName("\(streamPrefix)\(origin)")
    }

    private static let formatVersion: UInt8 = 1
    private static let domain = Array("aura journal head/1".utf8)
    static let publicKeyByteCount = 32
    private static let signatureByteCount = 64
    private static let byteCount = 1 + 16 + 8 + SHA256Digest.byteCount + 4 + publicKeyByteCount + signatureByteCount

    /// Whose head it is.
    var origin: OriginID
    /// The head.
    var head: JournalFrontier.Head
    /// The version of the key, for people: what counts is the public key.
    var keyVersion: UInt32
    /// The public half of the key that it was signed with.
    var publicKey: [UInt8]
    /// The Ed25519 signature (RFC 8032) of ``message(in:)``.
    var signature: [UInt8] = []

    /// What is signed: the head, the key, and the id of the entry that carries the signature.
    func message(in id: EntryID) -> [UInt8] {
        var bytes = Self.domain
        bytes.append(0)
        bytes.append(bigEndian: id.rawValue)
        return bytes + unsigned
    }

    private var unsigned: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        bytes.append(bigEndian: origin.rawValue)
        bytes.append(bigEndian: head.sequence)
        bytes += head.hash.bytes
        bytes.append(bigEndian: keyVersion)
        return bytes + publicKey
    }

    /// The payload of the entry that carries the signature.
    var payload: [UInt8] {
        [Self.formatVersion] + unsigned + signature
    }
}

extension HeadSignature {
    /// The signature that an entry carries for its origin's entry right before it; `nil` for every other entry.
    ///
    /// Whether it is true is not checked, nor the hash that it names.
    init?(following entry: JournalEntry) {
        guard
            entry.kind == Self.kind,
            entry.sequence > 1,
            let payload = entry.payload,
            let signature = HeadSignature(payload: payload),
            signature.origin == entry.origin,
            signature.head.sequence == entry.sequence - 1,
            entry.stream == Self.stream(of: entry.origin)
        else { return nil }
        self = signature
    }

    /// Whether an entry has the place and the form of a signature, wherever it stands in its chain.
    static func isCarried(by payload: [UInt8], _ kind: EntryKind, in stream: StreamName) -> Bool {
        guard kind == Self.kind, let signature = HeadSignature(payload: payload) else { return false }
        return stream == Self.stream(of: signature.origin)
    }

    private init?(payload: [UInt8]) {
        guard payload.count == Self.byteCount, payload[0] == Self.formatVersion else { return nil }
        var reader = BigEndianReader(payload, at: 1)
        origin = OriginID(rawValue: reader.next(UInt128.self))
        let sequence = reader.next(UInt64.self)
        guard let hash = SHA256Digest(reader.next(SHA256Digest.byteCount)) else { return nil }
        head = JournalFrontier.Head(sequence: sequence, hash: hash)
        keyVersion = reader.next(UInt32.self)
        publicKey = reader.next(Self.publicKeyByteCount)
        signature = reader.next(Self.signatureByteCount)
    }
}
