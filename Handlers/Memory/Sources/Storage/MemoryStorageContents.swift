internal import AuraEffects
internal import AuraRuntime

/// The values of a memory storage.
struct MemoryStorageContents {
    private(set) var values: [StorageKey: StoredValue] = [:]

    // One counter for all keys: a revision never comes back, not even for a key that was removed.
    private var lastRevision: UInt64 = 0

    private(set) var order = StorageKeyOrder()

    mutating func write(_ bytes: [UInt8], to key: StorageKey) -> StorageRevision {
        lastRevision += 1
        let revision = StorageRevision(rawValue: lastRevision)
        if values.updateValue(StoredValue(bytes: bytes, revision: revision), forKey: key) == nil {
            let values = values
            order.insert(key, keyCount: values.count) { values[$0] != nil }
        }
        return revision
    }

    @discardableResult
    mutating func remove(_ key: StorageKey) -> Bool {
        values.removeValue(forKey: key) != nil
    }

    mutating func page(prefix: String, after key: StorageKey?, size: Int) -> StoragePage {
        let values = values
        return order.page(prefix: prefix, after: key, size: size, keyCount: values.count) { key in
            values[key].map { StoragePage.Item(key: key, revision: $0.revision, byteCount: $0.bytes.count) }
        }
    }
}
