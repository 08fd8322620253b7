internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("Large payloads of a journal over key-values", .timeLimit(.minutes(5)))
struct LargePayloadTests {
    private let context: HandlerContext
    private let clock = SteppedClock()
    private let table: UncertainTable
    private let bucket: MemoryObjectStorageHandler
    private let large = [UInt8](repeating: 7, count: 100_000)

    init() {
        var context = HandlerContext.system
        context.time = clock
        self.context = context
        table = UncertainTable(MemoryKeyValueHandler(time: clock))
        bucket = MemoryObjectStorageHandler(time: clock, random: context.random)
    }

    private func open(hasBucket: Bool = true, patience: Duration = .seconds(30)) async throws -> KeyValueJournalHandler
    {
        var settings = KeyValueJournalHandler.Settings()
        settings.patience = patience
        return try await KeyValueJournalHandler.open(
            over: table,
            objects: hasBucket ? bucket : nil,
            settings,
            context
        )
    }

    private func draft(_ payload: [UInt8]) -> JournalEntry.Draft {
        JournalEntry.Draft(id: EntryID(time: clock, random: context.random), kind: "note/1", payload: payload)
    }

    private func objects() async throws -> [ObjectKey] {
        try await bucket.list(prefix: "", after: nil, limit: 1000).items.map(\.key)
    }

    private func notes() async throws -> Int {
        try await table.query(ItemQuery("journal/notes"), after: nil, limit: 100, consistency: .strong).items.count
    }

    private func failure<Value>(_ body: () async throws(EffectError) -> Value) async -> EffectError? {
        do throws(EffectError) {
            _ = try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test("a large payload is an object, others read it, and compaction removes it")
    func kept() async throws {
        let journal = try await open()
        try await journal.append([draft(large), draft([1]), draft(large)], to: "s")
        #expect(try await objects().count == 2)
        #expect(try await notes() == 0)
        let second = try await open()
        let entries = try await second.readAll(after: .start, limit: 10)
        #expect(entries.map { $0.payload?.count } == [100_000, 1, 100_000])
        let report = try await second.verify()
        #expect(report.problems.isEmpty && report.checkedEntries == 3)
        let revision = Revision(rawValue: 2)
        try await second.saveSnapshot(JournalSnapshot(stream: "s", revision: revision, state: [1]))
        try await second.compact("s", before: revision)
        #expect(try await objects().count == 1)
        #expect(try await notes() == 0)
        for journal in [journal, second] {
            let left = try await journal.readAll(after: .start, limit: 10)
            #expect(left.map { $0.payload?.count } == [nil, nil, 100_000])
            await journal.close()
        }
    }

    @Test(
        "an object that is missing or was changed is named with its entry, and the rest is read",
        arguments: [true, false]
    )
    func damaged(isMissing: Bool) async throws {
        let writer = try await open()
        try await writer.append([draft([1])], to: "s")
        try await writer.append([draft(large)], to: "s")
        try await writer.append([draft([3])], to: "s")
        await writer.close()
        let key = try #require(try await objects().first)
        if isMissing {
            try await bucket.remove(key)
        } else {
            try await bucket.put(ByteStream([UInt8](repeating: 8, count: 100_000)), to: key)
        }
        let journal = try await open()
        let before = try await journal.readAll(after: .start, limit: 10)
        #expect(before.map(\.payload) == [[1]])
        let error = await failure { () throws(EffectError) in
            try await journal.readAll(after: Position(rawValue: 1), limit: 10)
        }
        #expect(error?.code == .corrupted && error?.message.contains(key.text) == true)
        let after = try await journal.readAll(after: Position(rawValue: 2), limit: 10)
        #expect(after.map(\.payload) == [[3]])
        let report = try await journal.verify()
        #expect(report.problems.map(\.position) == [Position(rawValue: 2)] && report.checkedEntries == 3)
        try await journal.append([draft([4])], to: "s")
        await journal.close()
    }

    @Test("without its bucket a journal says which payload is an object, and what to set")
    func withoutBucket() async throws {
        let writer = try await open()
        try await writer.append([draft(large)], to: "s")
        await writer.close()
        let journal = try await open(hasBucket: false)
        let error = await failure { () throws(EffectError) in try await journal.readAll(after: .start, limit: 10) }
        #expect(error?.code == .unsupported && error?.message.contains("set 'objects'") == true)
        await journal.close()
    }

    @Test("what a put that was cut short has left is found and removed later", arguments: [true, false])
    func leftovers(hasBucket: Bool) async throws {
        let writer = try await open(hasBucket: hasBucket, patience: .zero)
        let payload = hasBucket ? large : [UInt8](repeating: 7, count: 1_500_000)
        let first = try await writer.append([draft(payload)], to: "s")
        // The note and the parts are stored; the commit is not, and nobody hears of it.
        table.setFates(Array(repeating: .applied, count: hasBucket ? 1 : 5) + [.lostUnheard])
        let error = await failure { () throws(EffectError) in try await writer.append([draft(payload)], to: "s") }
        #expect(error?.outcome == .unknown)
        #expect(try await notes() == 1)
        #expect(try await objects().count == (hasBucket ? 2 : 0))
        let itemCount = table.storedCount
        // While somebody may still be at work on it, it stays.
        await (try await open(hasBucket: hasBucket)).close()
        #expect(try await notes() == 1)
        clock.step(by: .seconds(7200))
        let journal = try await open(hasBucket: hasBucket)
        #expect(try await notes() == 0)
        #expect(try await objects().count == (hasBucket ? 1 : 0))
        #expect(hasBucket || table.storedCount == itemCount - 5)
        let entries = try await journal.readAll(after: .start, limit: 10)
        #expect(entries.map(\.payload) == [payload] && entries.map(\.id) == first.ids)
        for journal in [writer, journal] { await journal.close() }
    }
}
