internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("Checkpoints of a journal over key-values", .timeLimit(.minutes(5)))
struct CheckpointTests {
    private let context = HandlerContext.system
    private let table = UncertainTable()

    private func open() async throws -> KeyValueJournalHandler {
        try await KeyValueJournalHandler.open(over: table, .init(), context)
    }

    private func drafts(_ count: Int) -> [JournalEntry.Draft] {
        (0..<count)
            .map { number in
                let id = EntryID(time: context.time, random: context.random)
                return JournalEntry.Draft(id: id, kind: "note/1", payload: [UInt8(truncatingIfNeeded: number)])
            }
    }

    /// A journal with a checkpoint after `count` commits, of two entries each, and ten commits behind it.
    private func fill(_ count: Int = 2100) async throws -> [JournalEntry.Draft] {
        let journal = try await open()
        var all: [JournalEntry.Draft] = []
        for number in 0..<count + 10 {
            let drafts = drafts(2)
            try await journal.append(drafts, to: StreamName("\(number % 3)"))
            all += drafts
            if number == 50 {
                try await journal.saveSnapshot(
                    JournalSnapshot(stream: "0", revision: Revision(rawValue: 10), state: [1])
                )
                try await journal.compact("0", before: Revision(rawValue: 4))
            }
        }
        await journal.close()
        return all
    }

    private var checkpoint: StoredItem? {
        get async throws { try await table.get(ItemKey("journal/journal", "checkpoint")) }
    }

    private func expectWhole(_ drafts: [JournalEntry.Draft], _ journal: KeyValueJournalHandler) async throws {
        let entries = try await journal.readAll(after: .start, limit: 10_000)
        #expect(entries.map(\.id) == drafts.map(\.id))
        #expect(entries.prefix(30).filter { $0.payload == nil }.count == 4)
        let report = try await journal.verify()
        #expect(report.problems.isEmpty && report.checkedEntries == drafts.count)
        let snapshot = try await journal.latestSnapshot(of: "0")
        #expect(snapshot?.state == [1])
        // An id that the checkpoint tells of is known.
        let first = try await journal.append([drafts[1]], to: "0")
        #expect(first.lastRevision == Revision(rawValue: 1))
    }

    @Test("opening reads the checkpoint and what is behind it, and finds what was there")
    func opening() async throws {
        let drafts = try await fill()
        #expect(try await checkpoint != nil)
        let before = table.requestCount
        let journal = try await open()
        // Of the whole log it would be one for each 128 commits.
        #expect(table.requestCount - before <= 10)
        try await expectWhole(drafts, journal)
        await journal.close()
    }

    @Test("a checkpoint that is damaged is passed over", arguments: ["hash", "blob"])
    func damage(_ attribute: String) async throws {
        let drafts = try await fill()
        var item = try #require(try await checkpoint).item
        item.attributes[attribute] = "0123"
        try await table.put(item, to: ItemKey("journal/journal", "checkpoint"))
        let journal = try await open()
        try await expectWhole(drafts, journal)
        await journal.close()
    }

    @Test("a later checkpoint takes the place of an earlier one with its parts")
    func replaced() async throws {
        let journal = try await open()
        for _ in 0..<3 { try await journal.append(drafts(4500), to: "s") }
        await journal.close()
        #expect(try await checkpoint?.attributes["head"] == 3)
        guard case .integer(let parts) = try await checkpoint?.attributes["parts"] else {
            Issue.record("the checkpoint has no parts")
            return
        }
        let logged = try await partCount(ofCommits: 3)
        // The origin, the checkpoint and its parts, the commits and theirs.
        #expect(table.storedCount == 2 + Int(parts) + 3 + logged)
    }

    private func partCount(ofCommits count: Int) async throws -> Int {
        let items = try await table.query(ItemQuery("journal/log/0"), after: nil, limit: count, consistency: .strong)
        return items.items.reduce(0) { sum, item in
            guard case .integer(let parts) = item.attributes["parts"] else { return sum }
            return sum + Int(parts)
        }
    }
}
