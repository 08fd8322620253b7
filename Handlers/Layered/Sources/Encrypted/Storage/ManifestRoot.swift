internal import AuraEffects

/// The record that every commit replaces: which of the manifest's buckets are the current ones.
///
/// Sealed, its plaintext is the commit's number (8 bytes, big-endian), the key version that no value is older than (4), the one
/// that all are being brought to (4), and for each bucket its stamp (8), which is zero where no bucket was written.
struct ManifestRoot: Sendable, Equatable {
    /// A power of two: more make the root larger and the buckets smaller, and both are written with each value.
    static let bucketCount = 512
    private static let byteCount = 8 + 4 + 4 + 8 * bucketCount

    var commit: UInt64 = 0
    var oldestVersion: UInt32 = .max
    /// Zero where values are not being brought to a version, or one was written under an earlier one since it began.
    var targetVersion: UInt32 = 0
    var stamps: [UInt64] = Array(repeating: 0, count: bucketCount)

    init() {}

    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        var reader = BigEndianReader(bytes)
        commit = reader.next(UInt64.self)
        oldestVersion = reader.next(UInt32.self)
        targetVersion = reader.next(UInt32.self)
        stamps = (0..<Self.bucketCount).map { _ in reader.next(UInt64.self) }
    }

    /// Takes in that a value was written under a version.
    mutating func note(_ version: UInt32) {
        oldestVersion = min(oldestVersion, version)
        if version < targetVersion { targetVersion = 0 }
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        bytes.append(bigEndian: commit)
        bytes.append(bigEndian: oldestVersion)
        bytes.append(bigEndian: targetVersion)
        for stamp in stamps { bytes.append(bigEndian: stamp) }
        return bytes
    }
}
