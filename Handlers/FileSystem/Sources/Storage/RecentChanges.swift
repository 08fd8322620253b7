internal import AuraEffects

/// The last change of each key since the last checkpoint.
struct RecentChanges {
    private var records: [StorageKey: LogRecord] = [:]
    private var sorted: [StorageKey] = []
    private var unsorted: [StorageKey] = []

    var count: Int { records.count }

    subscript(key: StorageKey) -> LogRecord? { records[key] }

    mutating func apply(_ changes: [LogRecord]) {
        for record in changes where records.updateValue(record, forKey: record.key) == nil {
            unsorted.append(record.key)
        }
    }

    /// The changed keys in the order of their bytes.
    ///
    /// - Complexity: O(*n*) after changes, where few of *n* keys are new since the last call.
    mutating func keys() -> [StorageKey] {
        guard !unsorted.isEmpty else { return sorted }
        unsorted.sort()
        var merged: [StorageKey] = []
        merged.reserveCapacity(sorted.count + unsorted.count)
        var rest = unsorted[...]
        for key in sorted {
            while let first = rest.first, first < key { merged.append(rest.removeFirst()) }
            merged.append(key)
        }
        sorted = merged + rest
        unsorted = []
        return sorted
    }
}
