internal import AuraEffects

/// Writes the bytes of a message; integers are big-endian.
struct MessageWriter {
    private(set) var bytes: [UInt8] = []

    init(_ kind: ReplicationProtocol.Kind, capacity: Int = 128) {
        bytes.reserveCapacity(capacity)
        bytes.append(ReplicationProtocol.version)
        bytes.append(kind.rawValue)
    }

    var count: Int { bytes.count }

    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    mutating func append(_ flag: Bool) {
        bytes.append(flag ? 1 : 0)
    }

    /// Seven bits a byte, the lowest first; all but the last byte have the highest bit set.
    mutating func append(number: Int) {
        append(number: UInt64(number))
    }

    mutating func append(number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func append(fixed number: UInt64) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ identifier: UInt128) {
        withUnsafeBytes(of: identifier.bigEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func append(_ digest: SHA256Digest) {
        withUnsafeTemporaryAllocation(byteCount: SHA256Digest.byteCount, alignment: 8) { buffer in
            digest.store(into: buffer)
            bytes.append(contentsOf: buffer)
        }
    }

    mutating func append(raw content: some Collection<UInt8>) {
        bytes.append(contentsOf: content)
    }

    /// The length in bytes, then the UTF-8 bytes.
    mutating func append(_ text: String) {
        append(number: text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    /// A flag, then the origin where there is one.
    mutating func append(_ origin: OriginID?) {
        append(origin != nil)
        if let origin { append(origin.rawValue) }
    }

    mutating func append(_ heads: some Collection<OriginHead>) {
        append(number: heads.count)
        for head in heads {
            append(head.origin.rawValue)
            append(number: head.sequence)
            append(head.hash)
        }
    }

    mutating func append(_ origins: [OriginID]) {
        append(number: origins.count)
        for origin in origins { append(origin.rawValue) }
    }
}
