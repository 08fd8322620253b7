internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("Storage over a journal")
struct JournalStorageTests {
    let journal = MemoryJournalHandler(time: HandlerContext.system.time, random: HandlerContext.system.random)

    private func storage(
        _ prefix: String = "s/",
        history: JournalStorageHandler.History = .keep
    ) throws -> JournalStorageHandler {
        try JournalStorageHandler(over: journal, prefix: prefix, history: history, context: .system)
    }

    private func keys(_ storage: any StorageEffects) async throws -> [StorageKey] {
        try await storage.list(prefix: "", after: nil, limit: 10_000).items.map(\.key)
    }

    @Test("a key's stream holds what was stored under it before, and other streams are nobody's keys")
    func history() async throws {
        let storage = try storage()
        try await storage.write([1], to: "k")
        try await storage.write([2], to: "k")
        try await storage.remove("k")
        let id = EntryID(time: HandlerContext.system.time, random: HandlerContext.system.random)
        try await journal.append([JournalEntry.Draft(id: id, kind: "note/1", payload: [9])], to: "notes")
        let entries = try await journal.read("s/k", limit: 10)
        #expect(entries.map(\.payload) == [[1], [2], []])
        #expect(entries.map(\.kind.text) == ["storage.written/1", "storage.written/1", "storage.removed/1"])
        #expect(try await keys(storage).isEmpty)
        #expect(try await journal.verify().isClean)
    }

    @Test("a removal of nothing appends nothing")
    func emptyRemoval() async throws {
        let storage = try storage()
        #expect(try await storage.remove("k") == false)
        #expect(try await journal.readAll(after: .start, limit: 10).isEmpty)
    }

    @Test("storages with prefixes of their own share a journal")
    func prefixes() async throws {
        let (first, second) = (try storage("a/"), try storage("b/"))
        try await first.write([1], to: "k")
        try await second.write([2], to: "l")
        #expect(try await keys(first) == ["k"])
        #expect(try await keys(second) == ["l"])
    }

    @Test("history that is dropped leaves every value as it is, and a listing made anew knows the same")
    func droppedHistory() async throws {
        let storage = try storage(history: .drop)
        var revisions: [StorageRevision] = []
        for turn in 0..<40 { revisions.append(try await storage.write([UInt8(turn)], to: "k")) }
        try await storage.write([7], to: "other")
        let compacted = try await journal.readAll(after: .start, limit: 100).count { $0.payload == nil }
        #expect(compacted == 32)
        for storage in [storage, try self.storage()] {
            #expect(try await storage.read("k") == StoredValue(bytes: [39], revision: revisions[39]))
            let items = try await storage.list(prefix: "", after: nil, limit: 10).items
            #expect(items.map(\.key) == ["k", "other"])
            #expect(items.map(\.byteCount) == [1, 1])
            #expect(items[0].revision == revisions[39])
        }
        #expect(try await journal.verify().isClean)
    }

    @Test("the index is saved and read on from; one that cannot be read is made anew")
    func savedIndex() async throws {
        let first = try storage()
        for part in 0..<3 {
            try await first.transact((0..<500).map { .write([1], to: StorageKey("k\(part * 500 + $0)")) })
        }
        let all = try await keys(first)
        #expect(all.count == 1500)
        await first.close()
        let kept = try #require(try await journal.latestSnapshot(of: "s/"))
        try await first.remove("k7")
        try await first.write([], to: "new")
        let expected = (all.filter { $0 != "k7" } + ["new"]).sorted()
        #expect(try await keys(try storage()) == expected)
        for state in [[], Array(kept.state.dropLast()), [9] + kept.state.dropFirst(), kept.state + [0]] {
            try await journal.saveSnapshot(JournalSnapshot(stream: "s/", revision: .first, state: state))
            #expect(try await keys(try storage()) == expected)
        }
    }

    @Test("a stream of the prefix with other entries is named as corrupted and not read as a value")
    func foreignEntries() async throws {
        let storage = try storage()
        let id = EntryID(time: HandlerContext.system.time, random: HandlerContext.system.random)
        try await journal.append([JournalEntry.Draft(id: id, kind: "note/1", payload: [9])], to: "s/k")
        let error = await #expect(throws: EffectError.self) { try await storage.read("k") }
        #expect(error?.code == .corrupted)
        #expect(error?.effect == "storage")
    }

    @Test("history cannot be dropped where the journal does not compact")
    func refusedHistory() {
        // It declares nothing at all.
        let journal = EffectSystem().journal
        let error = #expect(throws: EffectError.self) {
            try JournalStorageHandler(over: journal, prefix: "s/", history: .drop, context: .system)
        }
        #expect(error?.code == .unsupported)
    }
}
