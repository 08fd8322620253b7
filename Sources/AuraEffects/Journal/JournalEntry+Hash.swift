extension JournalEntry {
    /// The part of an entry that its hash covers besides the payload.
    public struct Header: Sendable, Hashable, Codable {
        /// The journal that the entry was first written to.
        public var origin: OriginID
        /// The entry's place among its origin's entries.
        public var sequence: UInt64
        /// When the origin wrote the entry.
        public var timestamp: HybridTimestamp
        /// The entry's id.
        public var id: EntryID
        /// The stream.
        public var stream: StreamName
        /// What the entry is.
        public var kind: EntryKind

        /// Creates a header.
        public init(
            origin: OriginID,
            sequence: UInt64,
            timestamp: HybridTimestamp,
            id: EntryID,
            stream: StreamName,
            kind: EntryKind
        ) {
            self.origin = origin
            self.sequence = sequence
            self.timestamp = timestamp
            self.id = id
            self.stream = stream
            self.kind = kind
        }

        /// The entry's hash: SHA-256(previous hash ‖ header ‖ payload digest).
        ///
        /// The header's bytes, integers big-endian: format `1` (1 byte), origin (16), sequence (8), timestamp (8),
        /// id (16), the stream's length (4) and UTF-8 bytes, the kind's length (4) and UTF-8 bytes.
        ///
        /// - Parameters:
        ///   - previous: The hash of the origin's previous entry; ``SHA256Digest/zero`` before the first.
        ///   - payload: The SHA-256 of the payload.
        /// - Returns: The entry's hash.
        public func hash(previous: SHA256Digest, payload: SHA256Digest) -> SHA256Digest {
            var stream = stream.text
            var kind = kind.text
            return stream.withUTF8 { stream in
                kind.withUTF8 { kind in
                    hash(previous: previous, payload: payload, stream: stream, kind: kind)
                }
            }
        }

        private func hash(
            previous: SHA256Digest,
            payload: SHA256Digest,
            stream: UnsafeBufferPointer<UInt8>,
            kind: UnsafeBufferPointer<UInt8>
        ) -> SHA256Digest {
            let fixed = 2 * SHA256Digest.byteCount + 1 + 16 + 8 + 8 + 16 + 4 + 4
            let byteCount = fixed + stream.count + kind.count
            return withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 16) { buffer in
                var writer = BufferWriter(buffer)
                writer.append(previous)
                writer.append(UInt8(1))
                writer.append(origin.rawValue)
                writer.append(sequence)
                writer.append(timestamp.rawValue)
                writer.append(id.rawValue)
                writer.append(UInt32(stream.count))
                writer.append(UnsafeRawBufferPointer(stream))
                writer.append(UInt32(kind.count))
                writer.append(UnsafeRawBufferPointer(kind))
                writer.append(payload)
                return SHA256.hash(UnsafeRawBufferPointer(buffer))
            }
        }
    }

    /// The part of the entry that its hash covers besides the payload.
    public var header: Header {
        Header(origin: origin, sequence: sequence, timestamp: timestamp, id: id, stream: stream, kind: kind)
    }

    /// Whether the entry's hash follows from its contents and the hash of its origin's previous entry.
    public func extends(_ previous: SHA256Digest) -> Bool {
        header.hash(previous: previous, payload: payloadDigest) == hash
    }
}

/// Fills a buffer of the right size from its start.
private struct BufferWriter {
    private var rest: UnsafeMutableRawBufferPointer

    init(_ buffer: UnsafeMutableRawBufferPointer) {
        rest = buffer
    }

    mutating func append<Integer: FixedWidthInteger & BitwiseCopyable>(_ value: Integer) {
        rest.storeBytes(of: value.bigEndian, as: Integer.self)
        advance(MemoryLayout<Integer>.size)
    }

    mutating func append(_ digest: SHA256Digest) {
        digest.store(into: rest)
        advance(SHA256Digest.byteCount)
    }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        rest.copyMemory(from: bytes)
        advance(bytes.count)
    }

    private mutating func advance(_ count: Int) {
        rest = UnsafeMutableRawBufferPointer(rebasing: rest[count...])
    }
}
