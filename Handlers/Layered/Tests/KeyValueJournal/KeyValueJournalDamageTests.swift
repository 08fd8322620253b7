internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("A damaged journal over key-values", .timeLimit(.minutes(5)))
struct KeyValueJournalDamageTests {
    private let context = HandlerContext.system
    private let table = MemoryKeyValueHandler(time: HandlerContext.system.time)

    private func open() async throws -> KeyValueJournalHandler {
        try await KeyValueJournalHandler.open(over: table, .init(), context)
    }

    private func drafts(_ texts: String...) -> [JournalEntry.Draft] {
        texts.map { text in
            let id = EntryID(time: context.time, random: context.random)
            return JournalEntry.Draft(id: id, kind: "note/1", payload: Array(text.utf8))
        }
    }

    /// A journal of four commits: the second one has three entries.
    private func fill() async throws {
        let journal = try await open()
        try await journal.append(drafts("first"), to: "a")
        try await journal.append(drafts("second", "third", "fourth"), to: "b")
        try await journal.append(drafts("fifth"), to: "a")
        try await journal.append(drafts("sixth"), to: "b")
        await journal.close()
    }

    /// Changes what is stored of a commit.
    private func change(_ commit: Int, _ change: (inout [UInt8]) throws -> Void) async throws {
        let key = ItemKey("journal/log/0", String(repeating: "0", count: 15) + String(commit, radix: 16))
        var item = try #require(try await table.get(key)).item
        guard case .bytes(var bytes) = item.attributes["body"] else {
            Issue.record("the commit \(commit) has no body")
            return
        }
        try change(&bytes)
        item.attributes["body"] = .bytes(bytes)
        try await table.put(item, to: key)
    }

    private func failure<Value>(_ body: () async throws(EffectError) -> Value) async -> EffectError? {
        do throws(EffectError) {
            _ = try await body()
            return nil
        } catch {
            return error
        }
    }

    private func texts(_ entries: [JournalEntry]) -> [String] {
        entries.map { String(decoding: $0.payload ?? [], as: UTF8.self) }
    }

    @Test("a flipped bit of a payload costs that entry alone, and is named")
    func payload() async throws {
        try await fill()
        try await change(2) { bytes in
            let place = try #require(bytes.indices.first { Array(bytes[$0...].prefix(5)) == Array("third".utf8) })
            bytes[place] ^= 1
        }
        let journal = try await open()
        let before = try await journal.readAll(after: .start, limit: 100)
        #expect(texts(before) == ["first", "second"])
        let error = await failure { () throws(EffectError) in
            try await journal.readAll(after: Position(rawValue: 2), limit: 100)
        }
        let all = try await journal.frontier()
        let damaged = try #require(all.heads.values.first)
        #expect(damaged.sequence == 6)
        #expect(error?.code == .corrupted && error?.message.contains("of the stream 'b' is damaged") == true)
        let after = try await journal.readAll(after: Position(rawValue: 3), limit: 100)
        #expect(texts(after) == ["fourth", "fifth", "sixth"])
        let report = try await journal.verify()
        #expect(report.problems.map(\.position) == [Position(rawValue: 3)] && report.checkedEntries == 6)
        // All that is known of the entries is right: the journal goes on.
        let receipt = try await journal.append(drafts("seventh"), to: "b")
        #expect(receipt.lastRevision == Revision(rawValue: 4))
        await journal.close()
    }

    @Test("a commit that cannot be read is named, and what is before and behind it is read", arguments: [true, false])
    func commit(isMissing: Bool) async throws {
        try await fill()
        if isMissing {
            try await table.remove(ItemKey("journal/log/0", String(repeating: "0", count: 15) + "2"))
        } else {
            try await change(2) { $0[0] ^= 0xff }
        }
        let journal = try await open()
        let first = try await journal.readAll(after: .start, limit: 100)
        #expect(texts(first) == ["first"])
        let error = await failure { () throws(EffectError) in
            try await journal.readAll(after: Position(rawValue: 1), limit: 100)
        }
        #expect(error?.code == .corrupted && error?.message.contains("The commit 2 ") == true)
        let last = try await journal.readAll(after: Position(rawValue: 4), limit: 100)
        #expect(texts(last) == ["fifth", "sixth"] && last.map(\.revision.rawValue) == [1, 3])
        let stream = try await journal.read("a", from: .first, limit: 100)
        #expect(texts(stream) == ["first", "fifth"])
        let end = try await journal.read("a", from: Revision(rawValue: 2), limit: 100)
        #expect(end.isEmpty)
        let lost = await failure { () throws(EffectError) in try await journal.read("b", from: .first, limit: 100) }
        #expect(lost?.code == .corrupted)
        let report = try await journal.verify()
        #expect(report.problems.count == 1 && report.checkedEntries == 3)
        // An id that the commit had could be added a second time.
        let refusal = await failure { () throws(EffectError) in try await journal.append(drafts("x"), to: "c") }
        #expect(refusal?.code == .corrupted && refusal?.outcome == .notApplied)
        await journal.close()
    }

    @Test("where the last commit cannot be read, what is before it is read, and nothing says that it ends there")
    func last() async throws {
        try await fill()
        try await change(4) { $0.removeLast(40) }
        let journal = try await open()
        let known = try await journal.readAll(after: .start, limit: 100)
        #expect(texts(known) == ["first", "second", "third", "fourth", "fifth"])
        for error in [
            await failure { () throws(EffectError) in
                try await journal.readAll(after: Position(rawValue: 5), limit: 100)
            },
            await failure { () throws(EffectError) in
                try await journal.read("b", from: Revision(rawValue: 3), limit: 100)
            },
            await failure { () throws(EffectError) in try await journal.entry("b", id: EntryID(rawValue: 1)) },
        ] {
            #expect(error?.code == .corrupted && error?.message.contains("The commit 4 ") == true)
        }
        await journal.close()
    }
}
