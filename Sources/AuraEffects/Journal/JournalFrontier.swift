/// How far a journal knows each origin's entries.
public struct JournalFrontier: Sendable, Hashable, Codable {
    /// The last known entry of an origin.
    public struct Head: Sendable, Hashable, Codable {
        /// The entry's sequence.
        public var sequence: UInt64
        /// The entry's hash.
        public var hash: SHA256Digest

        /// Creates a head.
        public init(sequence: UInt64, hash: SHA256Digest) {
            self.sequence = sequence
            self.hash = hash
        }
    }

    /// The last known entry of each origin that has any.
    public var heads: [OriginID: Head]

    /// Creates a frontier; an empty one lies before every entry.
    public init(_ heads: [OriginID: Head] = [:]) {
        self.heads = heads
    }

    /// The highest known sequence of an origin; zero where none is known.
    public func sequence(of origin: OriginID) -> UInt64 {
        heads[origin]?.sequence ?? 0
    }

    /// SHA-256 over the heads in the order of their origins: origin (16 bytes), sequence (8), hash (32), big-endian.
    ///
    /// Journals with equal root hashes hold equal sets of entries.
    public var rootHash: SHA256Digest {
        var hash = SHA256()
        for (origin, head) in heads.sorted(by: { $0.key < $1.key }) {
            withUnsafeBytes(of: origin.rawValue.bigEndian) { hash.update($0) }
            withUnsafeBytes(of: head.sequence.bigEndian) { hash.update($0) }
            hash.update(head.hash.bytes)
        }
        return hash.finalize()
    }
}
