internal import AuraEffects

extension Catalog {
    /// The value under a key, checked against its checksum.
    func read(_ key: StorageKey) throws(FileFailure) -> StoredValue? {
        var failure = FileFailure.damaged("the storage")
        // Each attempt takes in what changed; what is missing or damaged twice in an unchanged storage is.
        for _ in 0..<1000 {
            let (record, header) = try withView { view in (view.recent[key], view.header) }
            if let record {
                guard let value = record.value else { return nil }
                if let bytes = try log.read(value, of: key, record.revision) {
                    return StoredValue(bytes: bytes, revision: StorageRevision(rawValue: record.revision))
                }
                failure = FileFailure(reason: .damagedValue, file: .value(key))
            } else {
                if let value = try ValueFile.read(key, in: folder) { return value }
                let isKnown = try withView { view throws(FileFailure) in
                    if view.recent[key] != nil { return true }
                    return try view.index.entry(of: key) != nil
                }
                guard isKnown else { return nil }
                failure = FileFailure(reason: .damagedValue, file: "\(FileLabel.value(key)), which is missing,")
            }
            if try log.header() == header { throw failure }
        }
        throw failure
    }

    /// One page of the keys in the order of their bytes.
    func list(prefix: String, after key: StorageKey?, limit: Int) throws(FileFailure) -> StoragePage {
        let first = StorageKey(prefix)
        let start = key.map { max($0, first) } ?? first
        return try withView { view throws(FileFailure) in
            let keys = view.recent.keys()
            var listing = try MergedListing(view.index, view.recent, keys: keys, from: start)
            if let key { try listing.skip(key) }
            var items: [StoragePage.Item] = []
            try listing.append(to: &items, limit: limit, prefix: prefix)
            guard items.count == limit, let (following, _) = try listing.nextItem(), following.hasPrefix(prefix) else {
                return StoragePage(items: items, next: nil)
            }
            return StoragePage(items: items, next: items.last?.key)
        }
    }
}
