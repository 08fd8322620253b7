internal import AuraEffects
internal import AuraMemory
internal import Testing

@testable internal import FieldnotesCore

@Suite("Entries of the first version")
struct OldEntriesTests {
    /// A journal's entries as the first version wrote them: a note that was imported, edited and tagged.
    private static let entries: [(kind: EntryKind, hexadecimal: String)] = [
        ("note.added/1", "00056f747465720205626972647305726976657201056e6f746573086f747465722e6d64"),
        ("note.tagged/1", "010472617265"),
        ("note.edited/1", "000a74776f206f7474657273"),
        ("note.untagged/1", "01057269766572"),
    ]
    private static let note = NoteID(source: NoteSource(name: "notes", path: "otter.md"))

    private static func fixture() async throws -> Fixture {
        let fixture = Fixture()
        for (number, entry) in entries.enumerated() {
            let digits = Array(entry.hexadecimal)
            let payload = stride(from: 0, to: digits.count, by: 2)
                .compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
            let id = EntryID(rawValue: UInt128(1000 + number) << 80 | 7 << 76 | 0b10 << 62 | UInt128(number))
            fixture.time.advance(by: .seconds(1))
            try await fixture.journal.append(
                [JournalEntry.Draft(id: id, kind: entry.kind, payload: payload)],
                to: note.stream
            )
        }
        try await fixture.notebook.catchUp()
        return fixture
    }

    private static func seen(_ fixture: Fixture) async throws -> [Content] {
        try await fixture.notebook.contents()
    }

    @Test("are read as they were meant")
    func read() async throws {
        let fixture = try await Self.fixture()
        let expected = Content(path: "otter.md", text: "two otters", tags: [try tag("birds"), try tag("rare")])
        #expect(try await Self.seen(fixture) == [expected])
        #expect(try await fixture.notebook.statistics().unknownCount == 0)
        #expect(
            try await fixture.notebook.history(of: Self.note).map(\.summary) == [
                "added with 5 B from notes/otter.md, tagged birds, river", "tagged rare", "edited to 10 B",
                "untagged river",
            ]
        )
        let first = try await fixture.notebook.text(of: Self.note, at: .first)
        #expect(try await first.string() == "otter")
    }

    @Test("are edited, untagged and imported again like any others")
    func change() async throws {
        let fixture = try await Self.fixture()
        fixture.folder.put("two otters", at: "/notes/otter.md")
        #expect(try await fixture.importFolder(named: "notes").unchanged == 1)
        try await fixture.notebook.edit(Self.note, text: Array("three otters".utf8))
        try await fixture.notebook.tag(Self.note, add: [try tag("new")], remove: [try tag("birds")])
        let expected = Content(path: "otter.md", text: "three otters", tags: [try tag("new"), try tag("rare")])
        #expect(try await Self.seen(fixture) == [expected])
        let kinds = try await fixture.notebook.history(of: Self.note).suffix(3).map(\.kind)
        #expect(kinds == ["note.edited/2", "note.tagged/2", "note.untagged/2"])
    }

    @Test("of a device that was not updated stand beside what this one wrote, and take nothing away")
    func deviceOfTheFirstVersion() async throws {
        let (updated, other) = (try await Self.fixture(), Fixture(seed: 9))
        _ = try await other.journal.merge(updated.journal.entries(beyond: JournalFrontier(), limit: 100))
        try await updated.notebook.edit(Self.note, text: Array("three otters".utf8))
        try await updated.notebook.tag(Self.note, add: [try tag("new")], remove: [])
        other.time.advance(by: .seconds(60))
        let edited = NoteOperation.editedBlindly(.inline(Array("no otter".utf8)))
        let untagged = NoteOperation.untaggedBlindly([try tag("new"), try tag("rare")])
        for (number, operation) in [edited, untagged].enumerated() {
            let id = EntryID(rawValue: UInt128(2000 + number) << 80 | 7 << 76 | 0b10 << 62)
            try await other.journal.append([operation.draft(id: id)], to: Self.note.stream)
        }
        _ = try await updated.journal.merge(other.journal.entries(beyond: updated.journal.frontier(), limit: 100))
        _ = try await other.journal.merge(updated.journal.entries(beyond: other.journal.frontier(), limit: 100))
        for fixture in [updated, other] {
            try await fixture.notebook.catchUp()
            let record = try await fixture.notebook.note(named: Self.note.description)
            var texts: [String] = []
            for version in record.versions {
                texts.append(try await fixture.notebook.text(of: version, in: Self.note).string())
            }
            #expect(texts == ["no otter", "three otters"])
            #expect(record.tags == [try tag("birds"), try tag("new")])
        }
        #expect(try await updated.notebook.rendered() == other.notebook.rendered())
    }

    @Test("make the projection of another version be made anew")
    func projection() async throws {
        let fixture = try await Self.fixture()
        let stored = try #require(try await fixture.storage.read(ProjectionKey.checkpoint))
        #expect(Checkpoint(encoded: stored.bytes) != nil)
        var first = stored.bytes
        first[0] = 1
        #expect(Checkpoint(encoded: first) == nil)
        try await fixture.storage.write(first, to: ProjectionKey.checkpoint)
        #expect(try await Self.seen(fixture).map(\.text) == ["two otters"])
    }
}
