internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@testable internal import FieldnotesCore

@Suite("The notebook")
struct NotebookTests {
    @Test("a note is named by first digits of its id that no other note has")
    func names() async throws {
        let fixture = Fixture()
        var notes: [NoteID] = []
        for number in 0..<40 { notes.append(try await fixture.notebook.add(Array("note \(number)".utf8), tags: [])) }
        try await fixture.notebook.catchUp()
        for note in notes {
            #expect(try await fixture.notebook.note(named: note.short.uppercased()).note == note)
            #expect(try await fixture.notebook.note(named: note.description).note == note)
        }
        let digits = Set(notes.map { $0.description.prefix(1) })
        let shared = try #require(digits.first { first in notes.count { $0.description.hasPrefix(first) } > 1 })
        for (name, code) in [
            (String(shared), EffectError.Code.invalidArgument), ("", .invalidArgument), ("xyz", .invalidArgument),
        ] {
            let error = await thrownError { () throws(EffectError) in _ = try await fixture.notebook.note(named: name) }
            #expect(error?.code == code, "\(name)")
        }
        let unknown = String(repeating: "0", count: 32)
        let error = await thrownError { () throws(EffectError) in _ = try await fixture.notebook.note(named: unknown) }
        #expect(error?.code == .notFound)
    }

    @Test("the list shows the last change first and filters by tags")
    func recent() async throws {
        let fixture = Fixture()
        var notes: [NoteID] = []
        for number in 0..<6 {
            fixture.time.advance(by: .seconds(1))
            notes.append(
                try await fixture.notebook.add(Array("note \(number)".utf8), tags: [try tag("n\(number % 2)")])
            )
        }
        try await fixture.notebook.catchUp()
        fixture.time.advance(by: .seconds(1))
        try await fixture.notebook.tag(notes[1], add: [try tag("late")], remove: [])
        try await fixture.notebook.catchUp()
        #expect(try await fixture.notebook.recentNotes(limit: 3).map(\.note) == [notes[1], notes[5], notes[4]])
        #expect(
            try await fixture.notebook.recentNotes(limit: 9, tags: [try tag("n0")]).map(\.note)
                == [4, 2, 0].map { notes[$0] }
        )
        #expect(try await fixture.notebook.recentNotes(limit: 9, tags: [try tag("n0"), try tag("late")]).isEmpty)
    }

    @Test("a large text that is typed goes into chunks and comes back")
    func largeText() async throws {
        let fixture = Fixture()
        let note = try await fixture.notebook.add(Array(ImportTests.largeText.utf8), tags: [])
        try await fixture.notebook.catchUp()
        let record = try await fixture.notebook.note(named: note.description)
        #expect(try await fixture.notebook.text(of: record).string() == ImportTests.largeText)
        #expect(try await fixture.notebook.history(of: note).count == 1)
        #expect(try await fixture.entries().allSatisfy { ($0.payload?.count ?? 0) < 66 * 1024 })
        let verification = try await fixture.notebook.verify()
        #expect(verification.isClean && verification.notes == 1)
    }

    @Test("verification names a text whose part is missing")
    func missingPart() async throws {
        let fixture = Fixture()
        let note = NoteID(rawValue: 5)
        let text = ChunkedText(digest: .zero, byteCount: 10, chunkByteCount: 10, milliseconds: 0)
        let draft = NoteOperation.added(.chunked(text), tags: [], source: nil).draft(id: EntryID(rawValue: 1))
        try await fixture.journal.append([draft], to: note.stream)
        let error = await thrownError { () throws(EffectError) in try await fixture.notebook.catchUp() }
        #expect(error == nil, "a damaged note must not stand in the way of the others")
        let verification = try await fixture.notebook.verify()
        #expect(!verification.isClean)
        #expect(verification.damaged.first?.contains("part 1 of 1") == true)
    }

    @Test("two devices that exchange their entries show the same notes")
    func merge() async throws {
        let (left, right) = (Fixture(seed: 1), Fixture(seed: 2))
        for fixture in [left, right] {
            fixture.folder.put("shared text", at: "/notes/shared.txt", modified: 1000)
            _ = try await fixture.importFolder(named: "notes", tags: [])
        }
        _ = try await left.notebook.add(Array("left heron".utf8), tags: [try tag("left")])
        _ = try await right.notebook.add(Array("right heron".utf8), tags: [])
        try await exchange(left, right)
        let shared = NoteID(source: NoteSource(name: "notes", path: "shared.txt"))
        left.time.advance(by: .seconds(5))
        right.time.advance(by: .seconds(9))
        try await left.notebook.edit(shared, text: Array("left's edit".utf8))
        try await left.notebook.tag(shared, add: [try tag("kept")], remove: [])
        try await right.notebook.edit(shared, text: Array("right's later edit".utf8))
        try await exchange(left, right)

        // Both texts of the shared note hold; the later one comes first.
        let expected = [
            Content(path: "", text: "left heron", tags: [try tag("left")]),
            Content(path: "", text: "right heron", tags: []),
            Content(path: "shared.txt", text: "right's later edit", tags: [try tag("kept")]),
        ]
        for fixture in [left, right] {
            #expect(try await fixture.contents() == expected)
            #expect(try await NoteSearch(fixture.notebook).run("heron", limit: 9).hits.count == 2)
            #expect(try await NoteSearch(fixture.notebook).run("shared text", limit: 9).hits.isEmpty)
            #expect(try await fixture.notebook.verify().isClean)
        }
        let lists = [try await left.notebook.recentNotes(limit: 9), try await right.notebook.recentNotes(limit: 9)]
        #expect(lists[0].map(\.note) == lists[1].map(\.note))
        #expect(try await left.journal.frontier().rootHash == right.journal.frontier().rootHash)
    }

    private func exchange(_ left: Fixture, _ right: Fixture) async throws {
        _ = try await left.journal.merge(right.journal.entries(beyond: left.journal.frontier(), limit: 1000))
        _ = try await right.journal.merge(left.journal.entries(beyond: right.journal.frontier(), limit: 1000))
    }

    @Test("tags are lower-case words, and what is none is refused")
    func tags() throws {
        #expect(try NoteTag(typed: "#Birds").text == "birds")
        for text in ["", "#", "two words", "a,b", "tab\t", String(repeating: "x", count: 65)] {
            #expect(throws: EffectError.self) { try NoteTag(typed: text) }
        }
    }

    @Test("times are told in UTC")
    func times() {
        #expect(UTCTime.iso(0) == "1970-01-01T00:00:00Z")
        #expect(UTCTime.iso(951_782_400_000) == "2000-02-29T00:00:00Z")
        #expect(UTCTime.text(1_798_761_599_999) == "2026-12-31 23:59:59")
    }
}
