internal import AuraEffects

extension KeyValueEffects {
    /// How a law reads: as the last change left it where the handler can, otherwise as it comes.
    var surest: ReadConsistency { capabilities.contains(.strongReads) ? .strong : .eventual }

    /// The item under a key, where it is expected to be what it is by now.
    func read(_ key: ItemKey) async throws -> StoredItem? {
        try await get(key, consistency: surest)
    }

    /// Every item of a query, page by page.
    ///
    /// - Parameters:
    ///   - query: The query.
    ///   - pageSize: The most items of a page.
    ///   - meanwhile: What happens after each page.
    /// - Returns: The items.
    /// - Throws: What the handler throws; `BrokenExpectation` for a page that is too large.
    func everything(
        _ query: ItemQuery,
        pageSize: Int = 100,
        meanwhile: (_ page: Int) async throws -> Void = { _ in }
    ) async throws -> [StoredItem] {
        var items: [StoredItem] = []
        var token: PageToken?
        var number = 0
        repeat {
            let page = try await self.query(query, after: token, limit: pageSize, consistency: surest)
            try expect(page.items.count <= pageSize, "a page of limit \(pageSize) has \(page.items.count) items")
            items += page.items
            token = page.next
            try await meanwhile(number)
            number += 1
        } while token != nil
        return items
    }

    /// Fails unless a partition holds exactly these items; services whose reads lag behind get time for it.
    func expectContents(
        of partition: String = "p",
        _ expected: [String: Item],
        _ what: String,
        fileID: String = #fileID,
        line: Int = #line
    ) async throws {
        let isPatient = surest == .eventual
        for attempt in 0... {
            do {
                let items = try await everything(ItemQuery(partition))
                let found = items.map { ItemKey(partition, $0.key.sort) }
                let keys = expected.keys.map { ItemKey(partition, $0) }.sorted()
                try expectEqual(found, keys, "the keys \(what)", fileID: fileID, line: line)
                for item in items {
                    let stored = try await read(item.key)
                    try expectEqual(stored, item, "the item '\(item.key)' \(what)", fileID: fileID, line: line)
                    let expected = expected[item.key.sort]
                    try expectEqual(item.item, expected, "the item '\(item.key)' \(what)", fileID: fileID, line: line)
                }
                return
            } catch {
                guard isPatient, error is BrokenExpectation, attempt < 1500 else { throw error }
                try await pause()
            }
        }
    }
}

/// An item of one number.
func numbered(_ number: Int64, expires: WallTime? = nil) -> Item {
    Item(["n": .integer(number)], expires: expires)
}

extension StoredItem {
    /// The number of an item of one.
    var number: Int64? {
        guard case .integer(let number) = attributes["n"] else { return nil }
        return number
    }
}
