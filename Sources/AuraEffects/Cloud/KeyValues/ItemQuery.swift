/// Whether a read sees every change that has ended.
public enum ReadConsistency: String, Sendable, Hashable, Codable {
    /// Every change that ended before the read began is seen: the capability ``Capability/strongReads``.
    case strong
    /// The read may lag behind; what it sees was there once. It is faster or cheaper with some services.
    case eventual
}

/// Which items of a partition.
public struct ItemQuery: Sendable, Hashable, Codable {
    /// The sort keys that are wanted.
    public enum SortKeys: Sendable, Hashable, Codable {
        /// All of them.
        case all
        /// Those whose bytes begin with a text.
        case prefix(String)
        /// Those at or after `from`, and before `before`; `nil` leaves an end open.
        case range(from: String?, before: String?)

        /// Whether a sort key is one of them.
        public func contains(_ key: String) -> Bool {
            switch self {
            case .all: true
            case .prefix(let prefix): key.utf8.starts(with: prefix.utf8)
            case .range(let from, let before):
                (from.map { !key.utf8.lexicographicallyPrecedes($0.utf8) } ?? true)
                    && (before.map { key.utf8.lexicographicallyPrecedes($0.utf8) } ?? true)
            }
        }
    }

    /// The partition.
    public var partition: String

    /// The sort keys that are wanted.
    public var sortKeys: SortKeys

    /// Whether the order is from the last to the first.
    public var backwards: Bool

    /// Creates a query.
    ///
    /// - Parameters:
    ///   - partition: The partition.
    ///   - sortKeys: The sort keys that are wanted.
    ///   - backwards: Whether the order is from the last to the first.
    public init(_ partition: String, _ sortKeys: SortKeys = .all, backwards: Bool = false) {
        self.partition = partition
        self.sortKeys = sortKeys
        self.backwards = backwards
    }
}

extension ItemQuery: EffectResource {
    /// The partition.
    public var effectResource: String { partition }
}

/// One page of a query.
public struct ItemPage: Sendable, Hashable, Codable {
    /// The items in the query's order.
    public var items: [StoredItem]

    /// Where the next page begins; `nil` on the last page.
    public var next: PageToken?

    /// Creates a page.
    public init(items: [StoredItem], next: PageToken?) {
        self.items = items
        self.next = next
    }
}
