/// An immutable record of a journal.
///
/// Origin, sequence, stream, id, timestamp, kind, payload and hash are the same in every journal that holds the entry;
/// ``revision`` and ``position`` belong to the journal that returned it.
public struct JournalEntry: Sendable, Hashable, Codable {
    /// What an entry carries.
    public enum Body: Sendable, Hashable, Codable {
        /// The payload's bytes.
        case payload([UInt8])
        /// The payload was compacted away; its SHA-256 is left, so that the chain can still be verified.
        case compacted(SHA256Digest)
        /// The payload's bytes as a handler decrypted them, and what the journal holds in their place: the entry's hash covers
        /// the latter, and that is what travels to other journals.
        case decrypted([UInt8], stored: [UInt8])
    }

    /// The stream that the entry belongs to.
    public var stream: StreamName
    /// The entry's place in its stream, in this journal.
    public var revision: Revision
    /// The entry's place in the total order of this journal.
    public var position: Position
    /// The journal that the entry was first written to.
    public var origin: OriginID
    /// The entry's place among its origin's entries: 1, 2, 3 … without gaps.
    public var sequence: UInt64
    /// The entry's id.
    public var id: EntryID
    /// When the origin wrote the entry.
    public var timestamp: HybridTimestamp
    /// What the entry is.
    public var kind: EntryKind
    /// The payload, or what compaction left of it.
    public var body: Body
    /// The hash that chains the entry to its origin's previous one.
    public var hash: SHA256Digest

    /// Creates an entry as a handler returns it.
    public init(
        stream: StreamName,
        revision: Revision,
        position: Position,
        origin: OriginID,
        sequence: UInt64,
        id: EntryID,
        timestamp: HybridTimestamp,
        kind: EntryKind,
        body: Body,
        hash: SHA256Digest
    ) {
        self.stream = stream
        self.revision = revision
        self.position = position
        self.origin = origin
        self.sequence = sequence
        self.id = id
        self.timestamp = timestamp
        self.kind = kind
        self.body = body
        self.hash = hash
    }

    /// The payload; `nil` where it was compacted away.
    public var payload: [UInt8]? {
        switch body {
        case .payload(let bytes), .decrypted(let bytes, stored: _): bytes
        case .compacted: nil
        }
    }

    /// The SHA-256 of the payload as the journal holds it, also of one that was compacted away; the entry's hash covers it.
    public var payloadDigest: SHA256Digest {
        switch body {
        case .payload(let bytes), .decrypted(_, stored: let bytes): SHA256.hash(bytes)
        case .compacted(let digest): digest
        }
    }

    /// An entry that is yet to be appended.
    public struct Draft: Sendable, Hashable, Codable {
        /// The new entry's id; appending the same draft again is safe because of it.
        public var id: EntryID
        /// What the entry is.
        public var kind: EntryKind
        /// The payload, which may be empty.
        public var payload: [UInt8]

        /// Creates a draft.
        public init(id: EntryID, kind: EntryKind, payload: [UInt8]) {
            self.id = id
            self.kind = kind
            self.payload = payload
        }
    }
}
