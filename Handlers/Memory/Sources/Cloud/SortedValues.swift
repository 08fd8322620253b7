internal import AuraRuntime

/// Values by key, with the keys in their order.
struct SortedValues<Key: Hashable & Comparable & Sendable, Value: Sendable>: Sendable {
    private var values: [Key: Value] = [:]
    private(set) var keys: [Key] = []

    /// The value under a key; `nil` removes it.
    ///
    /// - Complexity: Setting is O(n) where a key comes or goes: the keys behind it move.
    subscript(key: Key) -> Value? {
        get { values[key] }
        set {
            let isThere = values[key] != nil
            values[key] = newValue
            guard isThere != (newValue != nil) else { return }
            let index = keys.partitioningIndex(where: { $0 >= key })
            if isThere { keys.remove(at: index) } else { keys.insert(key, at: index) }
        }
    }
}
