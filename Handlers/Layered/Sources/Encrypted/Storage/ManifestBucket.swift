internal import AuraEffects
internal import AuraRuntime

/// What a storage key is called in the manifest: the first half of its SHA-256.
struct ManifestKey: Sendable, Hashable, Comparable {
    let high: UInt64
    let low: UInt64

    init(_ key: StorageKey) {
        var text = key.text
        let digest = text.withUTF8 { SHA256.hash(UnsafeRawBufferPointer($0)) }
        (high, low) = withUnsafeTemporaryAllocation(byteCount: SHA256Digest.byteCount, alignment: 8) { buffer in
            digest.store(into: buffer)
            return (
                UInt64(bigEndian: buffer.load(as: UInt64.self)),
                UInt64(bigEndian: buffer.load(fromByteOffset: 8, as: UInt64.self))
            )
        }
    }

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// The bucket that the key belongs to.
    var bucket: Int { Int(high % UInt64(ManifestRoot.bucketCount)) }

    static func < (left: ManifestKey, right: ManifestKey) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// The current values of a part of the keys: which sealing of each, and under which version of the data key.
///
/// Sealed, its plaintext is 28 bytes for each value in the order of the keys: key (16), stamp (8), version (4), big-endian.
struct ManifestBucket: Sendable {
    struct Entry: Sendable {
        var key: ManifestKey
        var stamp: UInt64
        var version: UInt32
    }

    private static let entryByteCount = 28

    private(set) var entries: [Entry] = []
    /// The version of the data key that the bucket itself is sealed under; 0 where it was never written.
    var version: UInt32 = 0

    init() {}

    init?(_ bytes: [UInt8], version: UInt32) {
        guard bytes.count.isMultiple(of: Self.entryByteCount) else { return nil }
        var reader = BigEndianReader(bytes)
        entries.reserveCapacity(bytes.count / Self.entryByteCount)
        for _ in 0..<bytes.count / Self.entryByteCount {
            let key = ManifestKey(high: reader.next(UInt64.self), low: reader.next(UInt64.self))
            entries.append(Entry(key: key, stamp: reader.next(UInt64.self), version: reader.next(UInt32.self)))
        }
        self.version = version
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(entries.count * Self.entryByteCount)
        for entry in entries {
            bytes.append(bigEndian: entry.key.high)
            bytes.append(bigEndian: entry.key.low)
            bytes.append(bigEndian: entry.stamp)
            bytes.append(bigEndian: entry.version)
        }
        return bytes
    }

    /// What it takes in memory, about.
    var byteCount: Int { 64 + entries.count * MemoryLayout<Entry>.stride }

    subscript(key: ManifestKey) -> Entry? {
        let index = index(of: key)
        return index < entries.count && entries[index].key == key ? entries[index] : nil
    }

    mutating func set(_ entry: Entry) {
        let index = index(of: entry.key)
        if index < entries.count, entries[index].key == entry.key {
            entries[index] = entry
        } else {
            entries.insert(entry, at: index)
        }
    }

    /// Removes a key's entry and tells whether there was one.
    mutating func remove(_ key: ManifestKey) -> Bool {
        let index = index(of: key)
        guard index < entries.count, entries[index].key == key else { return false }
        entries.remove(at: index)
        return true
    }

    /// The index of the first entry whose key does not come before `key`.
    private func index(of key: ManifestKey) -> Int {
        entries.partitioningIndex(where: { $0.key >= key })
    }
}
