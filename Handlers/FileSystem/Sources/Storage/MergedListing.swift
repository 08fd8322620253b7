internal import AuraEffects
internal import AuraRuntime

/// The keys of the index and of the changes since, in the order of their bytes.
struct MergedListing {
    private let recent: RecentChanges
    private let keys: [StorageKey]
    private var next: Int
    private var cursor: IndexCursor

    /// Begins at the first key, or at the first one that does not come before `start`.
    init(_ index: SortedIndex, _ recent: RecentChanges, keys: [StorageKey], from start: StorageKey?) throws(FileFailure)
    {
        self.recent = recent
        self.keys = keys
        next = start.map { start in keys.partitioningIndex(where: { $0 >= start }) } ?? 0
        cursor = try IndexCursor(index, from: start)
    }

    /// The next key that has a value; `nil` at the end.
    mutating func nextItem() throws(FileFailure) -> (key: StorageKey, entry: SortedIndex.Entry)? {
        while true {
            guard next < keys.count else {
                if cursor.isAtEnd { return nil }
                return try takeFromIndex()
            }
            let order = cursor.isAtEnd ? -1 : cursor.order(of: keys[next])
            if order > 0 { return try takeFromIndex() }
            let key = keys[next]
            next += 1
            // What changed since hides what the index says.
            if order == 0 { try cursor.advance() }
            if let record = recent[key], let value = record.value {
                return (key, SortedIndex.Entry(revision: record.revision, byteCount: value.byteCount))
            }
        }
    }

    /// Goes beyond a key where it comes next.
    mutating func skip(_ key: StorageKey) throws(FileFailure) {
        if next < keys.count, keys[next] == key { next += 1 }
        if !cursor.isAtEnd, cursor.order(of: key) == 0 { try cursor.advance() }
    }

    /// Appends the next keys that begin with `prefix` and have a value, until there are `limit` items.
    mutating func append(to items: inout [StoragePage.Item], limit: Int, prefix: String) throws(FileFailure) {
        while items.count < limit {
            // Few keys have changed: those between two of them come out of the index at once.
            let changed = next < keys.count ? keys[next] : nil
            try cursor.append(to: &items, limit: limit, prefix: prefix, before: changed)
            guard items.count < limit, let (key, entry) = try nextItem(), key.hasPrefix(prefix) else { return }
            items.append(
                StoragePage.Item(
                    key: key,
                    revision: StorageRevision(rawValue: entry.revision),
                    byteCount: entry.byteCount
                )
            )
        }
    }

    private mutating func takeFromIndex() throws(FileFailure) -> (key: StorageKey, entry: SortedIndex.Entry) {
        let item = (cursor.key, cursor.entry)
        try cursor.advance()
        return item
    }
}
