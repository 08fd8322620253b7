internal import AuraEffects

extension StorageEffects {
    /// Every item of a listing, page by page.
    func everything(
        prefix: String = "",
        after key: StorageKey? = nil,
        pageSize: Int = 100
    ) async throws -> [StoragePage.Item] {
        var items: [StoragePage.Item] = []
        var after = key
        while true {
            let page = try await list(prefix: prefix, after: after, limit: pageSize)
            try expect(page.items.count <= pageSize, "a page of limit \(pageSize) has \(page.items.count) items")
            items += page.items
            guard let next = page.next else { return items }
            if let after { try expect(next > after, "the next page begins at or before this one") }
            after = next
        }
    }

    /// Fails unless the storage holds exactly these values.
    func expectContents(
        _ expected: [StorageKey: StoredValue],
        _ what: String,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws {
        let items = try await everything()
        let listed = expected.sorted { $0.key < $1.key }
            .map { key, value in
                StoragePage.Item(key: key, revision: value.revision, byteCount: value.bytes.count)
            }
        try expectEqual(items, listed, "the listing \(what)", fileID: fileID, line: line)
        for (key, value) in expected {
            let read = try await read(key)
            try expectEqual(read, value, "the value of '\(key)' \(what)", fileID: fileID, line: line)
        }
    }

    /// Writes, overwrites and removes some values.
    ///
    /// - Returns: What is stored then.
    func fill() async throws -> [StorageKey: StoredValue] {
        try await write([1], to: "overwritten")
        try await write([2], to: "removed")
        try await remove("removed")
        var contents: [StorageKey: StoredValue] = [:]
        let large = SeededGenerator(seed: 120)
        for (key, count) in [("kept", 3), ("overwritten", 100), ("empty", 0), ("large", 50_000)] as [(StorageKey, Int)]
        {
            var generator = large
            let bytes = generator.bytes(count)
            contents[key] = StoredValue(bytes: bytes, revision: try await write(bytes, to: key))
        }
        return contents
    }

    /// Writes one byte to so many keys, in transactions where there are such.
    func writeKeys(_ count: Int) async throws {
        let mutations = (0..<count).map { StorageMutation.write([1], to: StorageKey("key \(100_000 + $0)")) }
        guard capabilities.contains(.transactions) else {
            _ = try await concurrently(8) { task in
                for number in stride(from: task, to: count, by: 8) {
                    try await write([1], to: mutations[number].key)
                }
            }
            return
        }
        let size = min(1000, capabilities.limit(.transactionMutations))
        for start in stride(from: 0, to: count, by: size) {
            try await transact(Array(mutations[start..<min(start + size, count)]))
        }
    }

    /// Every value by its key.
    func contents() async throws -> [StorageKey: StoredValue] {
        var contents: [StorageKey: StoredValue] = [:]
        for item in try await everything() { contents[item.key] = try await read(item.key) }
        return contents
    }
}

/// A storage in a few lines, to compare with.
struct StorageModel {
    private(set) var values: [StorageKey: StoredValue] = [:]

    func holds(_ precondition: StoragePrecondition, for key: StorageKey) -> Bool {
        switch precondition {
        case .none: true
        case .absent: values[key] == nil
        case .matches(let revision): values[key]?.revision == revision
        }
    }

    mutating func store(_ bytes: [UInt8], _ revision: StorageRevision, under key: StorageKey) {
        values[key] = StoredValue(bytes: bytes, revision: revision)
    }

    mutating func remove(_ key: StorageKey) -> Bool {
        values.removeValue(forKey: key) != nil
    }
}
