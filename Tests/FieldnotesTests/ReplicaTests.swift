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
}
