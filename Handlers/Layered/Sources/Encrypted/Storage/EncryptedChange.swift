internal import AuraEffects
internal import AuraRuntime

/// What waits for the writer: sealed values with their conditions, all or nothing, or care for the manifest itself.
struct EncryptedChange: QueuedWork {
    /// One value, sealed, or its removal.
    struct Part: Sendable {
        var key: StorageKey
        var record: SealedRecord?
        var precondition: StoragePrecondition
    }

    /// For each part the new version, and whether there was a value before.
    typealias Answer = [(revision: StorageRevision?, existed: Bool)]

    var operation: String
    var parts: [Part] = []
    /// Buckets to seal anew, under the current version.
    var renewedBuckets: [Int] = []
    /// A version that all values are being brought to from now on.
    var targetVersion: UInt32?
    /// A version that all values were brought to, unless one was written under an earlier one since that began.
    var reachedVersion: UInt32?

    private static let bytesPerPart = 256

    var byteCount: Int {
        parts.reduce(Self.bytesPerPart) { $0 + Self.bytesPerPart + ($1.record?.bytes.count ?? 0) }
    }
}
