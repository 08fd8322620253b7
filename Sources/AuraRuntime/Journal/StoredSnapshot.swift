package import AuraEffects

/// How a handler keeps a snapshot in a table: what it covers as bytes, and a checksum over all of it.
package enum StoredSnapshot {
    /// The checksum over a snapshot's revision, coverage and state.
    package static func checksum(_ snapshot: JournalSnapshot) -> UInt64 {
        let covers = unsafe encodeCovers(snapshot.covers).withUnsafeBytes { unsafe XXHash64.hash($0) }
        return unsafe snapshot.state.withUnsafeBytes { state in
            unsafe XXHash64.hash(state, seed: covers ^ snapshot.revision.rawValue)
        }
    }

    /// Origin (16 bytes) and sequence (8), big-endian, in the order of the origins.
    package static func encodeCovers(_ covers: [OriginID: UInt64]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (origin, sequence) in covers.sorted(by: { $0.key < $1.key }) {
            unsafe withUnsafeBytes(of: origin.rawValue.bigEndian) { unsafe bytes.append(contentsOf: $0) }
            unsafe withUnsafeBytes(of: sequence.bigEndian) { unsafe bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// What ``encodeCovers(_:)`` encoded.
    package static func decodeCovers(_ bytes: [UInt8]) -> [OriginID: UInt64] {
        var covers: [OriginID: UInt64] = [:]
        for start in stride(from: 0, to: bytes.count - 23, by: 24) {
            let origin = bytes[start..<(start + 16)].reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
            let sequence = bytes[(start + 16)..<(start + 24)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            covers[OriginID(rawValue: origin)] = sequence
        }
        return covers
    }
}
