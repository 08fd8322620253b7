package import AuraEffects

/// An entry as a handler keeps it in a table: names are numbers, and a checksum over all columns tells at each reading
/// whether the row was damaged, long before the chain is verified.
package struct StoredEntry {
    package var position: UInt64
    package var stream: Int
    package var revision: UInt64
    package var origin: Int
    package var sequence: UInt64
    package var id: EntryID
    package var timestamp: HybridTimestamp
    package var kind: Int
    package var isCompacted: Bool
    package var hash: SHA256Digest

    package init(
        position: UInt64,
        stream: Int,
        revision: UInt64,
        origin: Int,
        sequence: UInt64,
        id: EntryID,
        timestamp: HybridTimestamp,
        kind: Int,
        isCompacted: Bool,
        hash: SHA256Digest
    ) {
        self.position = position
        self.stream = stream
        self.revision = revision
        self.origin = origin
        self.sequence = sequence
        self.id = id
        self.timestamp = timestamp
        self.kind = kind
        self.isCompacted = isCompacted
        self.hash = hash
    }

    /// The row's checksum, given what stands in its payload column: the payload, or the digest of one that was compacted.
    package func checksum(payload: UnsafeRawBufferPointer) -> UInt64 {
        let size = 8 * 8 + 16 + SHA256Digest.byteCount
        let seed = unsafe withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { buffer in
            unsafe buffer.storeBytes(of: id.rawValue.littleEndian, toByteOffset: 0, as: UInt128.self)
            unsafe buffer.storeBytes(of: position.littleEndian, toByteOffset: 16, as: UInt64.self)
            unsafe buffer.storeBytes(
                of: UInt64(bitPattern: Int64(stream)).littleEndian,
                toByteOffset: 24,
                as: UInt64.self
            )
            unsafe buffer.storeBytes(of: revision.littleEndian, toByteOffset: 32, as: UInt64.self)
            unsafe buffer.storeBytes(
                of: UInt64(bitPattern: Int64(origin)).littleEndian,
                toByteOffset: 40,
                as: UInt64.self
            )
            unsafe buffer.storeBytes(of: sequence.littleEndian, toByteOffset: 48, as: UInt64.self)
            unsafe buffer.storeBytes(of: timestamp.rawValue.littleEndian, toByteOffset: 56, as: UInt64.self)
            unsafe buffer.storeBytes(
                of: UInt64(bitPattern: Int64(kind)).littleEndian,
                toByteOffset: 64,
                as: UInt64.self
            )
            unsafe buffer.storeBytes(of: isCompacted ? 1 : 0, toByteOffset: 72, as: UInt64.self)
            unsafe hash.store(into: UnsafeMutableRawBufferPointer(rebasing: buffer[80...]))
            return unsafe XXHash64.hash(UnsafeRawBufferPointer(buffer))
        }
        return unsafe XXHash64.hash(payload, seed: seed)
    }

    /// The row's checksum, given what stands in its payload column.
    package func checksum(payload: [UInt8]) -> UInt64 {
        unsafe payload.withUnsafeBytes { unsafe checksum(payload: $0) }
    }
}
