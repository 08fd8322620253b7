/// The version of a stored value.
///
/// Within one storage a revision never comes back, not even after a removal.
public struct StorageRevision: RawRepresentable, Sendable, Hashable, Codable, CustomStringConvertible {
    /// A number that means nothing outside the storage that issued it.
    public let rawValue: UInt64

    /// Creates a revision.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The number in decimal.
    public var description: String { String(rawValue) }
}

/// A value as storage returns it.
public struct StoredValue: Sendable, Hashable, Codable {
    /// The value's bytes.
    public var bytes: [UInt8]

    /// The value's version.
    public var revision: StorageRevision

    /// Creates a value.
    public init(bytes: [UInt8], revision: StorageRevision) {
        self.bytes = bytes
        self.revision = revision
    }
}

/// A condition on what is stored under a key when a mutation is applied.
public enum StoragePrecondition: Sendable, Hashable, Codable {
    /// No condition.
    case none
    /// Nothing is stored under the key.
    case absent
    /// The stored value has exactly this revision.
    case matches(StorageRevision)
}

/// One change within a transaction.
public struct StorageMutation: Sendable, Hashable, Codable {
    /// What to do with the key.
    public enum Change: Sendable, Hashable, Codable {
        /// Store these bytes.
        case write([UInt8])
        /// Remove the value; a key without a value stays without one.
        case remove
    }

    /// The key to change.
    public var key: StorageKey

    /// What to do with it.
    public var change: Change

    /// The condition under which the whole transaction applies.
    public var precondition: StoragePrecondition

    /// Creates a change.
    public init(_ key: StorageKey, _ change: Change, if precondition: StoragePrecondition = .none) {
        self.key = key
        self.change = change
        self.precondition = precondition
    }

    /// Stores bytes under a key.
    public static func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition = .none
    ) -> StorageMutation {
        StorageMutation(key, .write(bytes), if: precondition)
    }

    /// Removes the value under a key.
    public static func remove(_ key: StorageKey, if precondition: StoragePrecondition = .none) -> StorageMutation {
        StorageMutation(key, .remove, if: precondition)
    }
}

/// One page of a listing.
public struct StoragePage: Sendable, Hashable, Codable {
    /// A listed key.
    public struct Item: Sendable, Hashable, Codable {
        /// The key.
        public var key: StorageKey
        /// The value's version.
        public var revision: StorageRevision
        /// The value's size in bytes.
        public var byteCount: Int

        /// Creates an item.
        public init(key: StorageKey, revision: StorageRevision, byteCount: Int) {
            self.key = key
            self.revision = revision
            self.byteCount = byteCount
        }
    }

    /// The items in the order of their keys' bytes.
    public var items: [Item]

    /// Where the next page starts, to pass as `after`; `nil` on the last page.
    public var next: StorageKey?

    /// Creates a page.
    public init(items: [Item], next: StorageKey?) {
        self.items = items
        self.next = next
    }
}
