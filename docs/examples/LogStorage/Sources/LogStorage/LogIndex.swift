internal import AuraEffects

/// Which values a log holds and where their bytes are.
///
/// It is in memory: a log is for as many keys as fit there.
struct LogIndex {
    struct Place {
        var value: LogRecord.Value
        /// Where in the file the bytes begin.
        var offset: Int
    }

    /// The revision that was issued last.
    ///
    /// It is in every record, so that none comes back after a removal.
    private(set) var lastRevision: UInt64 = 0
    private(set) var places: [StorageKey: Place] = [:]
    private var sortedKeys: [StorageKey] = []

    /// How large a log without anything that was overwritten or removed would be, but for its first bytes.
    private(set) var liveBytes = 0

    /// Takes in a record whose values begin at an offset of the file.
    mutating func apply(_ record: LogRecord, valuesAt offset: Int) {
        lastRevision = record.lastRevision
        var offset = offset
        for change in record.changes {
            let place = change.value.map { Place(value: $0, offset: offset) }
            offset += change.value?.count ?? 0
            set(change.key, to: place)
        }
    }

    /// Keys in the order of their bytes.
    ///
    /// - Complexity: O(log *n* + page).
    func page(prefix: String, after key: StorageKey?, size: Int) -> StoragePage {
        let start = StorageKey(prefix)
        var index = firstIndex { $0 >= start }
        if let key { index = max(index, firstIndex { $0 > key }) }
        let keys = sortedKeys[index...].prefix(size).prefix { $0.hasPrefix(prefix) }
        let items = keys.compactMap { key in
            places[key]
                .map { StoragePage.Item(key: key, revision: $0.value.revision, byteCount: $0.value.count) }
        }
        let hasMore = keys.endIndex < sortedKeys.endIndex && sortedKeys[keys.endIndex].hasPrefix(prefix)
        return StoragePage(items: items, next: hasMore ? keys.last : nil)
    }

    private mutating func set(_ key: StorageKey, to place: Place?) {
        let old = places[key]
        places[key] = place
        liveBytes += Self.cost(of: key, place) - Self.cost(of: key, old)
        if (old == nil) != (place == nil) {
            let index = firstIndex { $0 >= key }
            if old == nil { sortedKeys.insert(key, at: index) } else { sortedKeys.remove(at: index) }
        }
    }

    private static func cost(of key: StorageKey, _ place: Place?) -> Int {
        place.map { LogRecord.overhead + key.text.utf8.count + $0.value.count } ?? 0
    }

    /// The first key that satisfies `predicate`, given that all keys after it do too.
    private func firstIndex(where predicate: (StorageKey) -> Bool) -> Int {
        var low = 0
        var high = sortedKeys.count
        while low < high {
            let middle = (low + high) / 2
            if predicate(sortedKeys[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
