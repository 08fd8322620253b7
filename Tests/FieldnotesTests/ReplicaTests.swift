internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import FieldnotesCore

@Suite("Notebooks on several devices")
struct ReplicaTests {
    private static let tags = ["birds", "river", "rare"].compactMap(NoteTag.init(exactly:))

    /// Something a user does.
    private static func act(_ number: Int, on fixture: Fixture, using generator: inout Generator) async throws {
        let notebook = fixture.notebook
        fixture.time.advance(by: .milliseconds(Int.random(in: 0..<50, using: &generator)))
        let notes = try await notebook.recentNotes(limit: 100)
        let tag = try #require(Self.tags.randomElement(using: &generator))
        guard let note = notes.randomElement(using: &generator), !number.isMultiple(of: 7) else {
            if Bool.random(using: &generator) {
                fixture.folder.put("file \(number % 3) heron", at: "/notes/\(number % 2).txt", modified: UInt64(number))
                _ = try await fixture.importFolder(named: "notes", tags: [tag])
            } else {
                _ = try await notebook.add(Array("note \(number) weir".utf8), tags: [tag])
            }
            return
        }
        switch Int.random(in: 0..<6, using: &generator) {
        case 0, 1: try await notebook.edit(note.note, text: Array("text \(number) heron".utf8))
        case 2: try await notebook.tag(note.note, add: [tag], remove: [])
        case 3: try await notebook.tag(note.note, add: [], remove: [tag])
        case 4: try await notebook.setTitle(number.isMultiple(of: 3) ? nil : "title \(number)", of: note.note)
        default:
            let revision = try #require(note.current.map(\.entry))
            let entry = try #require(try await fixture.journal.entry(note.note.stream, id: revision))
            try await notebook.edit(note.note, keeping: entry.revision)
        }
    }

    /// Takes in some of what another device has, a few entries at a time.
    private static func exchange(_ from: Fixture, _ to: Fixture, limit: Int) async throws {
        while true {
            let batch = try await from.journal.entries(beyond: to.journal.frontier(), limit: limit)
            if batch.entries.isEmpty { return }
            _ = try await to.journal.merge(batch)
            try await to.notebook.catchUp()
            if limit < 1000 { return }
        }
    }

    @Test("show the same, byte for byte, once they have exchanged their entries", arguments: 0..<40 as Range<UInt64>)
    func converge(seed: UInt64) async throws {
        var generator = Generator(seed: seed)
        let fixtures = (0..<3).map { Fixture(seed: seed * 3 + $0 + 1, hasTransactions: $0 != 1) }
        for number in 1..<60 {
            let fixture = try #require(fixtures.randomElement(using: &generator))
            try await Self.act(number, on: fixture, using: &generator)
            if Bool.random(using: &generator) { try await fixture.notebook.catchUp() }
            guard Int.random(in: 0..<4, using: &generator) == 0 else { continue }
            let pair = fixtures.indices.shuffled(using: &generator)
            let limit = Int.random(in: 1..<8, using: &generator)
            try await Self.exchange(fixtures[pair[0]], fixtures[pair[1]], limit: limit)
        }
        for _ in 0..<2 {
            for from in fixtures {
                for to in fixtures { try await Self.exchange(from, to, limit: 1000) }
            }
        }
        var rendered: Set<String> = []
        for fixture in fixtures {
            try await fixture.notebook.catchUp()
            let grown = try await fixture.notebook.rendered()
            rendered.insert(grown)
            // Made anew from the journal it is the same.
            try await fixture.storage.remove(ProjectionKey.checkpoint)
            try await fixture.notebook.catchUp()
            #expect(try await fixture.notebook.rendered() == grown)
            #expect(try await fixture.notebook.verify().isClean)
            #expect(try await fixture.notebook.statistics().unknownCount == 0)
        }
        #expect(rendered.count == 1)
        #expect(rendered.first?.contains("note ") == true)
        var found: Set<[NoteID]> = []
        for fixture in fixtures {
            let result = try await NoteSearch(fixture.notebook).run("heron", limit: .max)
            found.insert(result.hits.map(\.note.note).sorted())
        }
        #expect(found.count == 1)
    }

    @Test("take in what an edit or a removal takes away after it, as if it had come before", arguments: [true, false])
    func early(catchingUpBetween: Bool) async throws {
        let (writer, editor, reader) = (Fixture(seed: 1), Fixture(seed: 2), Fixture(seed: 3))
        let birds = try tag("birds")
        let note = try await writer.notebook.add(Array("heron at the weir".utf8), tags: [birds])
        try await Self.exchange(writer, editor, limit: 1000)
        try await editor.notebook.edit(note, text: Array("heron at the mill".utf8))
        try await editor.notebook.tag(note, add: [], remove: [birds])
        // The reader gets the editor's own entries first.
        let all = try await editor.journal.entries(beyond: JournalFrontier(), limit: 1000).entries
        let edits = all.filter { $0.kind != NoteOperation.Kind.added }
        #expect(edits.count == 2 && all.count == 3)
        for entries in [edits, all.filter { $0.kind == NoteOperation.Kind.added }] {
            _ = try await reader.journal.merge(JournalBatch(entries: entries))
            if catchingUpBetween { try await reader.notebook.catchUp() }
        }
        try await reader.notebook.catchUp()
        try await editor.notebook.catchUp()
        #expect(try await reader.contents() == [Content(path: "", text: "heron at the mill", tags: [])])
        #expect(try await reader.notebook.rendered() == editor.notebook.rendered())
        #expect(try await NoteSearch(reader.notebook).run("weir", limit: 9).hits.isEmpty)
        let record = try await reader.notebook.note(named: note.description)
        #expect(record.texts.register.replaced.isEmpty && record.tagged.set.removed.isEmpty)
    }

    @Test("keep no note of texts that both have replaced at the same time")
    func bounded() async throws {
        let (left, right) = (Fixture(seed: 1), Fixture(seed: 2))
        let note = try await left.notebook.add(Array("heron".utf8), tags: [])
        for number in 0..<10 {
            for _ in 0..<2 {
                try await Self.exchange(left, right, limit: 1000)
                try await Self.exchange(right, left, limit: 1000)
            }
            try await left.notebook.catchUp()
            try await left.notebook.edit(note, text: Array("left \(number)".utf8))
            try await right.notebook.edit(note, text: Array("right \(number)".utf8))
        }
        for fixture in [left, right] {
            try await fixture.notebook.catchUp()
            let record = try await fixture.notebook.note(named: note.description)
            #expect(record.texts.register.replaced.isEmpty)
            let stored = try #require(try await fixture.storage.read(ProjectionKey.note(note)))
            #expect(stored.bytes.count < 500)
        }
    }
}
