#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite
internal import Testing

@Suite("Key-values on SQLite", .timeLimit(.minutes(2)))
struct KeyValueTests {
    private let folder: TemporaryFolder
    private let clock = SteppedTime()

    init() throws {
        folder = try TemporaryFolder()
    }

    private var file: String { folder.file("table.db") }
    private let key = ItemKey("p", "a")

    private func item(_ number: Int64, expires: WallTime? = nil) -> Item {
        Item(["n": .integer(number)], expires: expires)
    }

    private func open(_ change: (inout SQLiteConfiguration) -> Void = { _ in }) async throws -> SQLiteKeyValueHandler {
        try await HandlerContext.system(time: clock).keyValues(file, change)
    }

    @Test("items and their revisions are there after the file was closed")
    func reopening() async throws {
        let first = try await open()
        let old = try await first.put(item(1), to: key)
        try await first.remove(key)
        let last = try await first.put(item(2), to: key)
        await first.close()
        let second = try await open()
        let stored = try await second.get(key)
        #expect(stored == StoredItem(key: key, item: item(2), revision: last))
        let stale = await thrownError { () throws(EffectError) in
            try await second.put(item(3), to: key, if: .matches(old))
        }
        #expect(stale?.code == .preconditionFailed)
        await second.close()
    }

    @Test("two handlers on one file count by conditional puts and lose nothing")
    func sharing() async throws {
        let handlers = [try await open(), try await open()]
        try await handlers[0].put(item(0), to: key)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                let handler = handlers[number % 2]
                group.addTask { for _ in 0..<5 { try await count(on: handler) } }
            }
            try await group.waitForAll()
        }
        let stored = try await handlers[0].get(key)
        #expect(stored?.attributes == ["n": 40])
        for handler in handlers { await handler.close() }
    }

    private func count(on handler: SQLiteKeyValueHandler) async throws {
        while true {
            let stored = try #require(try await handler.get(key))
            guard case .integer(let number) = stored.attributes["n"] else { return }
            do throws(EffectError) {
                try await handler.put(item(number + 1), to: key, if: .matches(stored.revision))
                return
            } catch {
                guard error.code == .preconditionFailed else { throw error }
            }
        }
    }

    @Test("a revision does not come back where a crash may have lost commits")
    func lostCommits() async throws {
        let lazy = try await open { $0.synchronous = .normal }
        let before = try await lazy.put(item(1), to: key)
        #expect(!lazy.capabilities.contains(.durable))
        await lazy.close()
        // What a crash leaves at worst: nothing but what was synced when the file was opened.
        try execute("DELETE FROM keyvalue_items; UPDATE keyvalue_counter SET last_revision = 1 << 32", on: file)
        let again = try await open { $0.synchronous = .normal }
        let after = try await again.put(item(1), to: key)
        #expect(before != after)
        await again.close()
    }

    @Test("later changes remove items whose time has come from the file")
    func sweeping() async throws {
        let handler = try await open()
        let soon = WallTime(nanosecondsSinceEpoch: clock.now.nanosecondsSinceEpoch + 60_000_000_000)
        for number in Int64(0)..<100 {
            try await handler.put(item(number, expires: soon), to: ItemKey("p", "item \(number)"))
        }
        clock.step(by: .seconds(120))
        try await handler.put(item(1), to: key)
        try await handler.put(item(2), to: key)
        await handler.close()
        let rows = try integer("SELECT count(*) FROM keyvalue_items", on: file)
        #expect(rows == 1)
    }

    @Test("a damaged item is corrupted, never wrong")
    func damage() async throws {
        let handler = try await open()
        try await handler.put(item(1), to: key)
        await handler.close()
        try execute("UPDATE keyvalue_items SET item = CAST(substr(item, 2) || x'ff' AS BLOB)", on: file)
        let again = try await open()
        let error = await thrownError { () throws(EffectError) in _ = try await again.get(key) }
        #expect(error?.code == .corrupted)
        await again.close()
    }
}
#endif
