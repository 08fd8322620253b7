internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import FieldnotesCore

@Suite("The projection")
struct ProjectionTests {
    /// Everything that storage holds but the search index, whose blocks depend on when they were written.
    private func state(_ storage: any StorageEffects) async throws -> [String: [UInt8]] {
        var state: [String: [UInt8]] = [:]
        var after: StorageKey?
        repeat {
            let page = try await storage.list(prefix: "", after: after, limit: 1000)
            for item in page.items where !item.key.hasPrefix("fieldnotes/index/") {
                state[item.key.text] = try await storage.read(item.key)?.bytes
            }
            after = page.next
        } while after != nil
        return state
    }

    private func fill(_ fixture: Fixture, catchingUp: Bool) async throws {
        var generator = Generator(seed: 5)
        var notes: [NoteID] = []
        for number in 0..<120 {
            fixture.time.advance(by: .milliseconds(3))
            switch Int.random(in: 0..<4, using: &generator) {
            case 0 where !notes.isEmpty:
                let note = try #require(notes.randomElement(using: &generator))
                try await fixture.notebook.edit(note, text: Array("edited \(number) heron".utf8))
            case 1 where !notes.isEmpty:
                let note = try #require(notes.randomElement(using: &generator))
                try await fixture.notebook.tag(
                    note,
                    add: [try tag("t\(number % 3)")],
                    remove: [try tag("t\(number % 2)")]
                )
            default:
                notes.append(try await fixture.notebook.add(Array("note \(number) weir".utf8), tags: [try tag("t1")]))
            }
            if catchingUp && number.isMultiple(of: 3) { try await fixture.notebook.catchUp() }
        }
        try await fixture.notebook.catchUp()
    }

    @Test("is the same whether it grew or was rebuilt", arguments: [true, false])
    func rebuild(hasTransactions: Bool) async throws {
        let fixture = Fixture(hasTransactions: hasTransactions)
        try await fill(fixture, catchingUp: true)
        let grown = try await state(fixture.storage)
        let found = try await NoteSearch(fixture.notebook).run("heron", limit: .max)
        #expect(!found.hits.isEmpty)

        try await fixture.storage.remove(ProjectionKey.checkpoint)
        try await fixture.notebook.catchUp()
        #expect(try await state(fixture.storage) == grown)
        #expect(try await NoteSearch(fixture.notebook).run("heron", limit: .max) == found)

        var other = fixture
        let empty = MemoryStorageHandler()
        other.effects.storage = empty
        try await other.notebook.catchUp()
        #expect(try await state(empty) == grown)
    }

    @Test("that was made from another journal is rebuilt")
    func otherJournal() async throws {
        let fixture = Fixture(seed: 1)
        try await fill(fixture, catchingUp: false)
        var other = Fixture(seed: 2)
        _ = try await other.notebook.add(Array("the only note".utf8), tags: [])
        other.effects.storage = fixture.storage
        #expect(try await other.contents().map(\.text) == ["the only note"])
        #expect(try await NoteSearch(other.notebook).run("weir", limit: 5).hits.isEmpty)
    }

    @Test("keeps and names entries that this version does not understand")
    func unknown() async throws {
        let fixture = Fixture()
        let note = try await fixture.notebook.add(Array("known".utf8), tags: [])
        let later = JournalEntry.Draft(id: EntryID(rawValue: 1), kind: "note.edited/3", payload: [1])
        let malformed = JournalEntry.Draft(id: EntryID(rawValue: 2), kind: "note.edited/1", payload: [9])
        try await fixture.journal.append([later, malformed], to: note.stream)
        try await fixture.journal.append([EntryDrafts.foreign], to: "other-application")
        #expect(try await fixture.contents().map(\.text) == ["known"])
        let statistics = try await fixture.notebook.statistics()
        #expect(statistics.unknownCount == 2)
        #expect(statistics.unknown.map(\.position.rawValue) == [2, 3])
        #expect(statistics.unknown[0].reason == "note.edited/3: this version does not know it")
        #expect(statistics.unknown[1].reason.hasPrefix("note.edited/1: "))
        let summaries = try await fixture.notebook.history(of: note).map(\.summary)
        #expect(summaries.count == 3 && summaries[1].contains("note.edited/3"))
        #expect(try await fixture.notebook.verify().unknownCount == 2)
    }

    @Test("of two processes that catch up at once is whole")
    func concurrent() async throws {
        for hasTransactions in [true, false] {
            let fixture = Fixture(hasTransactions: hasTransactions)
            for number in 0..<300 { _ = try await fixture.notebook.add(Array("heron \(number)".utf8), tags: []) }
            let effects = fixture.effects
            try await withThrowingTaskGroup { group in
                for _ in 0..<4 { group.addTask { try await Notebook(effects).catchUp() } }
                try await group.waitForAll()
            }
            #expect(try await NoteSearch(fixture.notebook).run("heron", limit: .max).hits.count == 300)
            #expect(try await fixture.notebook.recentNotes(limit: .max).count == 300)
        }
    }
}

private enum EntryDrafts {
    static let foreign = JournalEntry.Draft(id: EntryID(rawValue: 3), kind: "other/1", payload: [])
}
