/// The name of an item: where it lies, and its place there.
///
/// Both are UTF-8 text that is not empty, compared by their bytes.
public struct ItemKey: Sendable, Hashable, Comparable, Codable {
    /// Which partition the item lies in.
    public let partition: String

    /// The item's name within the partition, by whose bytes queries are in order.
    public let sort: String

    /// Creates a key.
    ///
    /// - Parameters:
    ///   - partition: Which partition the item lies in.
    ///   - sort: The item's name within the partition.
    public init(_ partition: String, _ sort: String) {
        self.partition = partition
        self.sort = sort
    }

    /// Whether both keys have the same bytes.
    public static func == (left: ItemKey, right: ItemKey) -> Bool {
        left.partition.hasSameBytes(as: right.partition) && left.sort.hasSameBytes(as: right.sort)
    }

    /// Whether the left key comes first: by the partition's bytes, then by the sort key's.
    public static func < (left: ItemKey, right: ItemKey) -> Bool {
        guard left.partition.hasSameBytes(as: right.partition) else {
            return left.partition.utf8.lexicographicallyPrecedes(right.partition.utf8)
        }
        return left.sort.utf8.lexicographicallyPrecedes(right.sort.utf8)
    }

    /// Hashes the key's bytes.
    public func hash(into hasher: inout Hasher) {
        partition.hashBytes(into: &hasher)
        hasher.combine(0 as UInt8)
        sort.hashBytes(into: &hasher)
    }
}

extension ItemKey: CustomStringConvertible {
    /// The partition and the sort key.
    public var description: String { "\(partition)/\(sort)" }
}

extension ItemKey: EffectResource {
    /// The partition and the sort key.
    public var effectResource: String { description }
}

/// An item that is to be stored.
public struct Item: Sendable, Hashable, Codable {
    /// The values by their names, which are not empty; names that Swift takes for the same text are one.
    public var attributes: [String: ItemValue]

    /// When the item is gone; `nil` keeps it until it is removed.
    public var expires: WallTime?

    /// Creates an item.
    ///
    /// - Parameters:
    ///   - attributes: The values by their names.
    ///   - expires: When the item is gone.
    public init(_ attributes: [String: ItemValue], expires: WallTime? = nil) {
        self.attributes = attributes
        self.expires = expires
    }

    /// The item's size as ``Limit/itemBytes`` counts it: the UTF-8 bytes of names and texts, the bytes of data, eight for a
    /// number, and one for anything else and for each list and map.
    public var byteCount: Int { ItemValue.map(attributes).byteCount - 1 }
}

/// An item as it is stored.
public struct StoredItem: Sendable, Hashable, Codable {
    /// The key.
    public var key: ItemKey

    /// The item.
    public var item: Item

    /// The item's version.
    public var revision: CloudRevision

    /// Creates a stored item.
    public init(key: ItemKey, item: Item, revision: CloudRevision) {
        self.key = key
        self.item = item
        self.revision = revision
    }

    /// The values by their names.
    public var attributes: [String: ItemValue] { item.attributes }
}

/// One change within a transaction.
public struct ItemMutation: Sendable, Hashable, Codable {
    /// What to do with the key.
    public enum Change: Sendable, Hashable, Codable {
        /// Store this item.
        case put(Item)
        /// Remove the item; a key without an item stays without one.
        case remove
    }

    /// The key to change.
    public var key: ItemKey

    /// What to do with it.
    public var change: Change

    /// The condition under which the whole transaction applies.
    public var precondition: CloudPrecondition

    /// Creates a change.
    public init(_ key: ItemKey, _ change: Change, if precondition: CloudPrecondition = .none) {
        self.key = key
        self.change = change
        self.precondition = precondition
    }

    /// Stores an item under a key.
    public static func put(_ item: Item, to key: ItemKey, if precondition: CloudPrecondition = .none) -> ItemMutation {
        ItemMutation(key, .put(item), if: precondition)
    }

    /// Removes the item under a key.
    public static func remove(_ key: ItemKey, if precondition: CloudPrecondition = .none) -> ItemMutation {
        ItemMutation(key, .remove, if: precondition)
    }
}

extension ItemMutation: EffectResource {
    /// The partition and the sort key.
    public var effectResource: String { key.effectResource }
}
