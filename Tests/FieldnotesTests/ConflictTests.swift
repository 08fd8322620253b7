internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import FieldnotesCore

@Suite("A note in conflict")
struct ConflictTests {
    private let left = Fixture(seed: 1)
    private let right = Fixture(seed: 2)

    private func exchange() async throws {
        _ = try await left.journal.merge(right.journal.entries(beyond: left.journal.frontier(), limit: 1000))
        _ = try await right.journal.merge(left.journal.entries(beyond: right.journal.frontier(), limit: 1000))
        try await left.notebook.catchUp()
        try await right.notebook.catchUp()
    }

    /// A note that both devices have and have then edited offline; the right one's clock is ahead.
    private func conflict() async throws -> NoteID {
        let note = try await left.notebook.add(Array("heron".utf8), tags: [try tag("birds")])
        try await exchange()
        left.time.advance(by: .seconds(5))
        right.time.advance(by: .seconds(9))
        try await left.notebook.edit(note, text: Array("heron at the weir".utf8))
        try await right.notebook.edit(note, text: Array("heron at the mill".utf8))
        try await exchange()
        return note
    }

    private func texts(_ fixture: Fixture, _ note: NoteID) async throws -> [String] {
        var texts: [String] = []
        let record = try await fixture.notebook.note(named: note.description)
        for version in record.versions {
            texts.append(try await fixture.notebook.text(of: version, in: note).string())
        }
        return texts
    }

    @Test("shows every text that was written offline, on every device, the latest first")
    func kept() async throws {
        let note = try await conflict()
        for fixture in [left, right] {
            #expect(try await texts(fixture, note) == ["heron at the mill", "heron at the weir"])
            #expect(try await fixture.notebook.recentNotes(limit: 9, onlyInConflict: true).map(\.note) == [note])
            #expect(try await fixture.notebook.statistics().inConflict == 1)
            #expect(try await fixture.notebook.verify().isClean)
        }
        #expect(try await left.notebook.rendered() == right.notebook.rendered())
    }

    @Test("is found by the words of each of its texts, once")
    func search() async throws {
        let note = try await conflict()
        for (query, match) in [("weir", "weir"), ("mill", "mill"), ("heron", "heron")] {
            let result = try await NoteSearch(left.notebook).run(query, limit: 9)
            #expect(result.hits.map(\.note.note) == [note])
            #expect(result.hits.first?.snippet.match == match && !result.hasMore)
        }
        #expect(try await NoteSearch(left.notebook).run("weir mill", limit: 9).hits.isEmpty, "no text holds both")
        #expect(try await NoteSearch(left.notebook).run("heron", limit: 1).hasMore == false)
    }

    @Test("is resolved by an edit that saw every text, and reopened by one that did not")
    func resolve() async throws {
        let note = try await conflict()
        try await left.notebook.edit(note, text: Array("heron at both".utf8))
        try await exchange()
        for fixture in [left, right] { #expect(try await texts(fixture, note) == ["heron at both"]) }
        let history = try await left.notebook.history(of: note).map(\.summary)
        #expect(history.last?.contains("in place of 2 texts") == true)

        // Another edit on each side, of which the right one has seen no resolution.
        try await left.notebook.edit(note, text: Array("left again".utf8))
        try await right.notebook.edit(note, text: Array("right again".utf8))
        try await exchange()
        #expect(Set(try await texts(left, note)) == ["left again", "right again"])
    }

    @Test("does not arise from what one device writes, however soon after one another")
    func oneDevice() async throws {
        let note = try await left.notebook.add(Array("heron".utf8), tags: [try tag("birds")])
        try await left.notebook.edit(note, text: Array("two herons".utf8))
        try await left.notebook.tag(note, add: [], remove: [try tag("birds")])
        try await left.notebook.edit(note, text: Array("three herons".utf8))
        try await left.notebook.catchUp()
        #expect(try await texts(left, note) == ["three herons"])
        #expect(try await left.notebook.note(named: note.description).tags.isEmpty)
    }

    @Test("is resolved by one of its texts that is kept")
    func keep() async throws {
        let note = try await conflict()
        let record = try await left.notebook.note(named: note.description)
        let weir = try #require(record.versions.last)
        let revision = try await left.notebook.revision(of: weir, in: note)
        #expect(try await left.notebook.edit(note, keeping: revision))
        try await exchange()
        for fixture in [left, right] { #expect(try await texts(fixture, note) == ["heron at the weir"]) }
        #expect(try await left.notebook.edit(note, keeping: revision) == false, "nothing is left to change")
        let tagged = try await thrown { () throws(EffectError) in
            try await left.notebook.tag(note, add: [try NoteTag(typed: "x")], remove: [])
            let last = try await left.notebook.history(of: note).count
            try await left.notebook.edit(note, keeping: Revision(rawValue: UInt64(last - 1)))
        }
        #expect(tagged?.code == .invalidArgument, "a revision without a text")
    }

    private func thrown(_ body: () async throws(EffectError) -> Void) async throws -> EffectError? {
        await thrownError(body)
    }

    @Test("is resolved by the text that the latest of its texts has already")
    func sameText() async throws {
        let note = try await conflict()
        #expect(try await right.notebook.edit(note, text: Array("heron at the mill".utf8)))
        try await exchange()
        for fixture in [left, right] { #expect(try await texts(fixture, note) == ["heron at the mill"]) }
    }

    @Test("is exported with a file for each text, which carry the mark in their names")
    func export() async throws {
        let note = try await conflict()
        left.folder.put("otter", at: "/notes/river/otter.md", modified: 1)
        right.folder.put("otter", at: "/notes/river/otter.md", modified: 1)
        for fixture in [left, right] { _ = try await fixture.importFolder(named: "notes") }
        try await exchange()
        left.folder.put("two otters", at: "/notes/river/otter.md", modified: 2)
        right.folder.put("no otter", at: "/notes/river/otter.md", modified: 3)
        for fixture in [left, right] { _ = try await fixture.importFolder(named: "notes") }
        try await exchange()
        let report = try await Exporter(left.notebook).run(to: "/out")
        #expect(report.files == 4 && report.inConflict == 2 && report.failed.isEmpty)
        func digits(_ text: String) -> String { String(SHA256.hash(Array(text.utf8)).description.prefix(12)) }
        let exported = Set(left.folder.files.keys.filter { $0.hasPrefix("/out/") })
        let latest = try await texts(left, NoteID(source: NoteSource(name: "notes", path: "river/otter.md")))
        #expect(
            exported == [
                "/out/notes/\(note).txt", "/out/notes/\(note).conflict-\(digits("heron at the weir")).txt",
                "/out/notes-2/river/otter.md", "/out/notes-2/river/otter.conflict-\(digits(latest[1])).md",
            ]
        )
        #expect(left.folder.files["/out/notes-2/river/otter.md"] == Array(latest[0].utf8))
    }

    @Test("does not arise where two devices import the same file, also if one has edited it since")
    func sameImport() async throws {
        for fixture in [left, right] {
            fixture.folder.put("otter", at: "/notes/otter.md", modified: 1)
            _ = try await fixture.importFolder(named: "notes")
        }
        let note = NoteID(source: NoteSource(name: "notes", path: "otter.md"))
        try await left.notebook.edit(note, text: Array("three otters".utf8))
        try await exchange()
        for fixture in [left, right] { #expect(try await texts(fixture, note) == ["three otters"]) }
        // A file that one of the texts is from is no new text.
        let report = try await left.importFolder(named: "notes")
        #expect(report.edited == 1)
        #expect(try await texts(left, note) == ["otter"])
    }

    @Test("of tags there is none: an addition that the remover has not seen wins")
    func tags() async throws {
        let note = try await left.notebook.add(Array("heron".utf8), tags: [try tag("birds"), try tag("river")])
        try await exchange()
        try await left.notebook.tag(note, add: [], remove: [try tag("birds"), try tag("river")])
        try await right.notebook.tag(note, add: [], remove: [try tag("birds")])
        try await right.notebook.catchUp()
        try await right.notebook.tag(note, add: [try tag("birds")], remove: [])
        try await exchange()
        for fixture in [left, right] {
            #expect(try await fixture.notebook.note(named: note.description).tags == [try tag("birds")])
        }
        try await left.notebook.tag(note, add: [], remove: [try tag("birds")])
        try await exchange()
        #expect(try await right.notebook.note(named: note.description).tags.isEmpty)
    }

    @Test("of titles there is none: the last one given holds, and an empty one leaves it to the text")
    func titles() async throws {
        let note = try await conflict()
        left.time.advance(by: .seconds(60))
        try await left.notebook.setTitle("Herons in March", of: note)
        try await right.notebook.setTitle("Earlier", of: note)
        try await exchange()
        for fixture in [left, right] {
            #expect(try await fixture.notebook.note(named: note.description).title == "Herons in March")
        }
        #expect(try await left.notebook.setTitle("Herons in March", of: note) == false)
        try await left.notebook.setTitle(nil, of: note)
        try await exchange()
        #expect(try await right.notebook.note(named: note.description).title == "heron at the mill")
    }
}
