internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("A journal over key-values", .timeLimit(.minutes(5)))
struct KeyValueJournalTests {
    private let context = HandlerContext.system
    private let table = UncertainTable()

    private func open(
        _ change: (inout KeyValueJournalHandler.Settings) -> Void = { _ in }
    ) async throws -> KeyValueJournalHandler {
        var settings = KeyValueJournalHandler.Settings()
        change(&settings)
        return try await KeyValueJournalHandler.open(over: table, settings, context)
    }

    private func draft(_ text: String) -> JournalEntry.Draft {
        let id = EntryID(time: context.time, random: context.random)
        return JournalEntry.Draft(id: id, kind: "note/1", payload: Array(text.utf8))
    }

    private func texts(_ journal: some JournalEffects) async throws -> [String] {
        let entries = try await journal.readAll(after: .start, limit: 10_000)
        return entries.map { String(decoding: $0.payload ?? [], as: UTF8.self) }
    }

    @Test(
        "an append is there once, whatever became of its puts",
        arguments: [
            [UncertainTable.Fate.appliedUnheard], [.lostUnheard], [.lostUnheard, .appliedUnheard],
            [.throttled, .appliedUnheard], [.throttled, .throttled, .lostUnheard],
        ]
    )
    func once(_ fates: [UncertainTable.Fate]) async throws {
        let journal = try await open()
        try await journal.append([draft("a")], to: "s")
        table.setFates(fates)
        let receipt = try await journal.append([draft("b")], to: "s", expecting: .exactly(.first))
        #expect(receipt.lastRevision == Revision(rawValue: 1))
        try await journal.append([draft("c")], to: "s")
        let found = try await texts(journal)
        #expect(found == ["a", "b", "c"])
        let report = try await journal.verify()
        #expect(report.problems.isEmpty && report.checkedEntries == 3)
        await journal.close()
    }

    @Test("an append that another writer overtakes while its own answer is lost goes behind the other's")
    func overtaken() async throws {
        let (first, second) = (try await open(), try await open())
        try await first.append([draft("a")], to: "s")
        // The second one does not know of it yet, and its first put is lost.
        table.setFates([.lostUnheard])
        let receipt = try await second.append([draft("b")], to: "s")
        #expect(receipt.lastRevision == Revision(rawValue: 1))
        let found = try await texts(first)
        #expect(found == ["a", "b"])
        for journal in [first, second] { await journal.close() }
    }

    @Test("an append whose table stays silent says that it does not know, and can be repeated")
    func silent() async throws {
        let journal = try await open { $0.patience = .zero }
        let entry = draft("a")
        table.setFates([.lostUnheard])
        let error = await failure { () throws(EffectError) in try await journal.append([entry], to: "s") }
        #expect(error?.code == .unavailable && error?.outcome == .unknown)
        table.setFates([.throttled])
        let throttled = await failure { () throws(EffectError) in try await journal.append([entry], to: "s") }
        #expect(throttled?.code == .throttled && throttled?.outcome == .notApplied)
        try await journal.append([entry], to: "s")
        try await journal.append([entry], to: "s")
        let found = try await texts(journal)
        #expect(found == ["a"])
        await journal.close()
    }

    private func failure(_ body: () async throws(EffectError) -> Void) async -> EffectError? {
        do throws(EffectError) {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("concurrent appends share requests")
    func groups() async throws {
        let journal = try await open()
        let before = table.requestCount
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<512 {
                group.addTask { _ = try await journal.append([draft("\(number)")], to: StreamName("\(number % 8)")) }
            }
            try await group.waitForAll()
        }
        #expect(table.requestCount - before < 256)
        let found = try await texts(journal)
        #expect(found.count == 512 && Set(found).count == 512)
        await journal.close()
    }

    @Test("a payload and a group larger than an item lie in several, and are gone once they are compacted")
    func large() async throws {
        let memory = MemoryKeyValueHandler(time: context.time)
        let journal = try await KeyValueJournalHandler.open(over: memory, .init(), context)
        let payload = [UInt8](repeating: 7, count: 3_000_000)
        let large = JournalEntry.Draft(id: draft("").id, kind: "note/1", payload: payload)
        try await journal.append([large], to: "s")
        try await journal.append([draft("b")], to: "s")
        let second = try await KeyValueJournalHandler.open(over: memory, .init(), context)
        let entries = try await second.readAll(after: .start, limit: 10)
        #expect(entries.first?.payload == payload)
        let parts = try await partCount(memory, of: 1)
        #expect(parts == 8)
        try await second.saveSnapshot(JournalSnapshot(stream: "s", revision: Revision(rawValue: 1), state: [1]))
        try await second.compact("s", before: Revision(rawValue: 1))
        let left = try await partCount(memory, of: 1)
        #expect(left == 0)
        let compacted = try await journal.readAll(after: .start, limit: 10)
        #expect(compacted.map { $0.payload?.count } == [nil, 1])
        let report = try await journal.verify()
        #expect(report.problems.isEmpty)
        for journal in [journal, second] { await journal.close() }
    }

    /// How many items a commit has besides its own.
    private func partCount(_ table: MemoryKeyValueHandler, of commit: Int) async throws -> Int {
        let sort = String(repeating: "0", count: 15) + String(commit, radix: 16)
        let item = try #require(try await table.get(ItemKey("journal/log/0", sort)))
        guard case .text(let blob) = item.attributes["blob"] else { return 0 }
        return try await table.query(ItemQuery("journal/part/\(blob)"), after: nil, limit: 1000, consistency: .strong)
            .items.count
    }

    @Test("two writers leave no gap and overwrite nothing")
    func twoWriters() async throws {
        let journals = [try await open(), try await open()]
        let perTask = 50
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<48 {
                let journal = journals[number % 2]
                group.addTask {
                    for turn in 0..<perTask {
                        let stream = StreamName("stream \(turn % 3)")
                        _ = try await journal.append([draft("\(number)/\(turn)")], to: stream)
                    }
                }
            }
            try await group.waitForAll()
        }
        let count = 48 * perTask
        let third = try await open()
        for journal in journals + [third] {
            let entries = try await journal.readAll(after: .start, limit: 10_000)
            #expect(entries.map(\.position.rawValue) == (1...UInt64(count)).map { $0 })
            #expect(Set(entries.compactMap(\.payload)).count == count)
        }
        let report = try await third.verify()
        #expect(report.problems.isEmpty && report.checkedEntries == count)
        for journal in journals + [third] { await journal.close() }
    }

    @Test("a log of several partitions is read as a whole")
    func partitions() async throws {
        let journal = try await open()
        for number in 0..<1100 { try await journal.append([draft("\(number)")], to: "s") }
        let second = try await open()
        let found = try await texts(second)
        #expect(found == (0..<1100).map { "\($0)" })
        for journal in [journal, second] { await journal.close() }
    }

    @Test("a table without strong reads and a prefix that is none are refused")
    func refusals() async throws {
        let empty = await failure { () throws(EffectError) in
            let settings = KeyValueJournalHandler.Settings(prefix: "")
            _ = try await KeyValueJournalHandler.open(over: table, settings, context)
        }
        #expect(empty?.code == .invalidArgument)
        let lagging = await failure { () throws(EffectError) in
            _ = try await KeyValueJournalHandler.open(over: UnimplementedKeyValueEffects(), .init(), context)
        }
        #expect(lagging?.code == .unsupported)
    }
}
