public import AuraEffects

/// The order of the keys that a handler holds in memory, brought up to date when a listing asks.
///
/// The handler keeps the values itself, in a dictionary or as it likes.
public struct StorageKeyOrder: Sendable {
    // Keys in order; some may have been removed since. Keys that came since stand in `newKeys`.
    private var sortedKeys: [StorageKey] = []
    private var newKeys: [StorageKey] = []

    /// Creates the order of no keys.
    public init() {}

    /// Takes in a key that was not stored before.
    ///
    /// A key that is removed needs no word.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - keyCount: How many keys are stored, this one included.
    ///   - isStored: Whether a key is stored.
    /// - Complexity: O(1), amortized.
    public mutating func insert(_ key: StorageKey, keyCount: Int, isStored: (StorageKey) -> Bool) {
        newKeys.append(key)
        // Keys that come and go stand here more than once: without a listing they must not pile up.
        if newKeys.count > 2 * keyCount + 1024 { sortIn(keyCount: keyCount, isStored: isStored) }
    }

    /// How many keys are kept, removed ones among them.
    package var heldKeyCount: Int { sortedKeys.count + newKeys.count }

    /// A page of the stored keys in the order of their bytes.
    ///
    /// - Parameters:
    ///   - prefix: What the keys' bytes begin with; empty for all.
    ///   - key: Only keys that come after this one.
    ///   - size: The most items.
    ///   - keyCount: How many keys are stored.
    ///   - item: The item of a key; `nil` for one that is not stored any more.
    /// - Returns: The page.
    /// - Complexity: O(log n + *size*); O(n) after new keys came.
    public mutating func page(
        prefix: String,
        after key: StorageKey?,
        size: Int,
        keyCount: Int,
        item: (StorageKey) -> StoragePage.Item?
    ) -> StoragePage {
        sortIn(keyCount: keyCount) { item($0) != nil }
        var index = firstIndex(prefix: prefix, after: key)
        var items: [StoragePage.Item] = []
        while index < sortedKeys.count, sortedKeys[index].hasPrefix(prefix) {
            defer { index += 1 }
            guard let next = item(sortedKeys[index]) else { continue }
            if items.count == size { return StoragePage(items: items, next: items.last?.key) }
            items.append(next)
        }
        return StoragePage(items: items, next: nil)
    }

    /// The first key that begins with `prefix` or comes after such keys, and lies beyond `key`.
    private func firstIndex(prefix: String, after key: StorageKey?) -> Int {
        let start = StorageKey(prefix)
        guard let key, key >= start else { return sortedKeys.partitioningIndex(where: { $0 >= start }) }
        return sortedKeys.partitioningIndex(where: { $0 > key })
    }

    /// Sorts in the keys that came, and drops the removed ones once they are many.
    private mutating func sortIn(keyCount: Int, isStored: (StorageKey) -> Bool) {
        if newKeys.isEmpty, sortedKeys.count <= 2 * keyCount + 16 { return }
        if newKeys.count <= sortedKeys.count / 64, sortedKeys.count <= 2 * keyCount {
            for key in newKeys { insertInOrder(key) }
            newKeys.removeAll(keepingCapacity: true)
            return
        }
        newKeys.sort()
        var merged: [StorageKey] = []
        merged.reserveCapacity(keyCount)
        var old = sortedKeys[...]
        var new = newKeys[...]
        while let key = Self.removeLesser(&old, &new) {
            // A key that was removed and came back stands in both.
            if key != merged.last, isStored(key) { merged.append(key) }
        }
        sortedKeys = merged
        newKeys.removeAll(keepingCapacity: true)
    }

    /// Puts one key in its place: moving the keys behind it is cheap next to comparing all of them.
    private mutating func insertInOrder(_ key: StorageKey) {
        let index = sortedKeys.partitioningIndex(where: { $0 >= key })
        // A key that was removed and came back is there.
        if index == sortedKeys.endIndex || sortedKeys[index] != key { sortedKeys.insert(key, at: index) }
    }

    private static func removeLesser(
        _ left: inout ArraySlice<StorageKey>,
        _ right: inout ArraySlice<StorageKey>
    ) -> StorageKey? {
        guard let leftKey = left.first else { return right.popFirst() }
        guard let rightKey = right.first, rightKey < leftKey else { return left.popFirst() }
        return right.popFirst()
    }
}
