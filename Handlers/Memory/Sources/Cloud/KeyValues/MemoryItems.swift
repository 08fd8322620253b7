internal import AuraEffects
internal import AuraRuntime

/// The items of a memory table.
struct MemoryItems: Sendable {
    private var items = SortedValues<ItemKey, StoredItem>()

    // One counter for all keys: a revision never comes back, not even for a key that was removed.
    private var lastRevision: UInt64 = 0

    /// The item under a key, unless its time has come.
    func item(_ key: ItemKey, at now: WallTime) -> StoredItem? {
        items[key].flatMap { $0.isLive(at: now) ? $0 : nil }
    }

    mutating func put(_ item: Item, to key: ItemKey) -> CloudRevision {
        lastRevision += 1
        let revision = CloudRevision(rawValue: String(lastRevision))
        items[key] = StoredItem(key: key, item: item, revision: revision)
        return revision
    }

    mutating func remove(_ key: ItemKey) {
        items[key] = nil
    }

    func page(_ query: ItemQuery, after sort: String?, size: Int, at now: WallTime) -> ItemPage {
        var page: [StoredItem] = []
        for key in keys(of: query, after: sort) {
            guard query.sortKeys.contains(key.sort), let item = item(key, at: now) else { continue }
            if page.count == size {
                return ItemPage(items: page, next: page.last.map { PageToken(rawValue: $0.key.sort) })
            }
            page.append(item)
        }
        return ItemPage(items: page, next: nil)
    }

    /// The keys of a query's partition beyond a sort key, in the query's order.
    private func keys(of query: ItemQuery, after sort: String?) -> [ItemKey] {
        // No sort key is empty: this one comes before all of the partition's.
        let first = items.keys.partitioningIndex(where: { $0 > ItemKey(query.partition, "") })
        let partition = items.keys[first...].prefix { ItemKey(query.partition, $0.sort) == $0 }
        guard let sort else { return query.backwards ? partition.reversed() : Array(partition) }
        let passed = ItemKey(query.partition, sort)
        return query.backwards ? partition.filter { $0 < passed }.reversed() : partition.filter { $0 > passed }
    }
}

extension StoredItem {
    fileprivate func isLive(at now: WallTime) -> Bool {
        item.expires.map { now.nanosecondsSinceEpoch < $0.nanosecondsSinceEpoch } ?? true
    }
}
