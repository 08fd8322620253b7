internal import AuraEffects

/// The values of a memory storage, with an index of the keys' order that is brought up to date when a listing asks.
struct MemoryStorageContents {
    private(set) var values: [StorageKey: StoredValue] = [:]

    // One counter for all keys: a revision never comes back, not even for a key that was removed.
    private var lastRevision: UInt64 = 0

    // Keys in order; some may have been removed since. Keys that came since stand in `newKeys`.
    private(set) var sortedKeys: [StorageKey] = []
    private(set) var newKeys: [StorageKey] = []

    mutating func write(_ bytes: [UInt8], to key: StorageKey) -> StorageRevision {
        lastRevision += 1
        let revision = StorageRevision(rawValue: lastRevision)
        if values.updateValue(StoredValue(bytes: bytes, revision: revision), forKey: key) == nil {
            newKeys.append(key)
            // Keys that come and go stand here more than once: without a listing they must not pile up.
            if newKeys.count > 2 * values.count + 1024 { updateIndex() }
        }
        return revision
    }

    @discardableResult
    mutating func remove(_ key: StorageKey) -> Bool {
        values.removeValue(forKey: key) != nil
    }

    mutating func page(prefix: String, after key: StorageKey?, size: Int) -> StoragePage {
        updateIndex()
        var index = firstIndex(prefix: prefix, after: key)
        var items: [StoragePage.Item] = []
        while index < sortedKeys.count, sortedKeys[index].hasPrefix(prefix) {
            let candidate = sortedKeys[index]
            index += 1
            guard let value = values[candidate] else { continue }
            if items.count == size { return StoragePage(items: items, next: items.last?.key) }
            items.append(StoragePage.Item(key: candidate, revision: value.revision, byteCount: value.bytes.count))
        }
        return StoragePage(items: items, next: nil)
    }

    /// The first key that begins with `prefix` or comes after such keys, and lies beyond `key`.
    private func firstIndex(prefix: String, after key: StorageKey?) -> Int {
        let start = StorageKey(prefix)
        guard let key, key >= start else { return sortedKeys.firstIndex(afterWhichAll: { $0 >= start }) }
        return sortedKeys.firstIndex(afterWhichAll: { $0 > key })
    }

    /// Sorts in the keys that came, and drops the removed ones once they are many.
    private mutating func updateIndex() {
        if newKeys.isEmpty, sortedKeys.count <= 2 * values.count + 16 { return }
        newKeys.sort()
        var merged: [StorageKey] = []
        merged.reserveCapacity(values.count)
        var old = sortedKeys[...]
        var new = newKeys[...]
        while let key = Self.removeLesser(&old, &new) {
            // A key that was removed and came back stands in both.
            if key != merged.last, values[key] != nil { merged.append(key) }
        }
        sortedKeys = merged
        newKeys.removeAll(keepingCapacity: true)
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

extension [StorageKey] {
    /// The index of the first element that satisfies `predicate`, given that all elements after it do too.
    fileprivate func firstIndex(afterWhichAll predicate: (StorageKey) -> Bool) -> Int {
        var low = startIndex
        var high = endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
