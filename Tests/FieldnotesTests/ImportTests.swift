internal import AuraEffects
internal import Testing

@testable internal import FieldnotesCore

@Suite("Import")
struct ImportTests {
    /// A text of several chunks, whose words cross their borders.
    static let largeText = (0..<40_000).map { "word\($0) ümläut" }.joined(separator: " ")

    private func fixture() -> Fixture {
        let fixture = Fixture()
        fixture.folder.put("# Herons\ntwo at the weir", at: "/notes/birds/heron.txt", modified: 1000)
        fixture.folder.put("otter", at: "/notes/otter.md", modified: 2000)
        fixture.folder.put("", at: "/notes/empty.txt")
        fixture.folder.put(Self.largeText, at: "/notes/large.log", modified: 3000)
        fixture.folder.put([0xff, 0xfe, 0x00], at: "/notes/picture.bin")
        fixture.folder.put([0x61, 0x00, 0x62], at: "/notes/nul.txt")
        fixture.folder.put("x", at: "/notes/old.txt.gz")
        fixture.folder.put("x", at: "/notes/.hidden")
        fixture.folder.put("x", at: "/notes/.git/config")
        fixture.folder.putLink(at: "/notes/birds/up")
        return fixture
    }

    @Test("every text file becomes a note, the rest is passed by and counted")
    func importTree() async throws {
        let fixture = fixture()
        let report = try await fixture.importFolder(tags: [try tag("field")])
        #expect(report.added == 4)
        #expect(report.skipped == SkippedItems(compressed: 1, notText: 2, hidden: 2, links: 1))
        let contents = try await fixture.contents()
        #expect(contents.map(\.path) == ["birds/heron.txt", "empty.txt", "large.log", "otter.md"])
        #expect(contents.map(\.text) == ["# Herons\ntwo at the weir", "", Self.largeText, "otter"])
        #expect(contents.allSatisfy { $0.tags.map(\.text) == ["field"] })
        let titles = try await fixture.notebook.recentNotes(limit: 10).map(\.title)
        #expect(Set(titles) == ["Herons", "empty.txt", String(Self.largeText.prefix(80)), "otter"])
    }

    @Test("importing again changes nothing")
    func idempotent() async throws {
        let fixture = fixture()
        _ = try await fixture.importFolder()
        let before = try await fixture.entries()
        let report = try await fixture.importFolder()
        #expect(report.added == 0 && report.edited == 0)
        #expect(report.unchanged == 4)
        #expect(try await fixture.entries() == before)
    }

    @Test("importing again without the projection changes nothing either")
    func idempotentWithoutProjection() async throws {
        let fixture = fixture()
        _ = try await fixture.importFolder()
        let before = try await fixture.entries()
        try await fixture.storage.remove(ProjectionKey.checkpoint)
        let report = try await fixture.importFolder()
        #expect(report.unchanged == 4)
        #expect(try await fixture.entries() == before)
    }

    @Test("a file that has changed becomes an edit of its note, also back to an earlier text")
    func changedFile() async throws {
        let fixture = fixture()
        _ = try await fixture.importFolder()
        for (text, modified) in [("two otters", 4000), ("otter", 2000), ("two otters", 4000)] as [(String, UInt64)] {
            fixture.folder.put(text, at: "/notes/otter.md", modified: modified)
            let report = try await fixture.importFolder()
            #expect(report.edited == 1 && report.added == 0 && report.unchanged == 3)
            #expect(try await fixture.contents().last?.text == text)
        }
        let note = NoteID(source: NoteSource(name: "/notes", path: "otter.md"))
        let kinds = try await fixture.notebook.history(of: note).map(\.kind)
        #expect(kinds == ["note.added/2", "note.edited/2", "note.edited/2", "note.edited/2"])
        let first = try await fixture.notebook.text(of: note, at: .first)
        #expect(try await first.string() == "otter")
    }

    @Test("a large file that has changed is edited in chunks")
    func changedLargeFile() async throws {
        let fixture = fixture()
        _ = try await fixture.importFolder()
        fixture.folder.put(Self.largeText + " and more", at: "/notes/large.log", modified: 5000)
        #expect(try await fixture.importFolder().edited == 1)
        #expect(try await fixture.contents()[2].text == Self.largeText + " and more")
        #expect(try await fixture.notebook.verify().isClean)
    }

    @Test("two names of one folder are one source, a name of one's own another")
    func sources() async throws {
        let fixture = fixture()
        _ = try await fixture.importFolder("/notes/")
        #expect(try await fixture.importFolder("/./notes").unchanged == 4)
        #expect(try await fixture.importFolder(named: "stick").added == 4)
        #expect(try await fixture.notebook.sources() == ["/notes", "stick"])
    }

    @Test("a folder that is missing or a file is refused by name")
    func refused() async throws {
        let fixture = fixture()
        let missing = await thrownError { () throws(EffectError) in _ = try await fixture.importFolder("/nowhere") }
        #expect(missing?.code == .notFound)
        #expect(missing?.message.contains("/nowhere") == true)
        let file = await thrownError { () throws(EffectError) in _ = try await fixture.importFolder("/notes/otter.md") }
        #expect(file?.code == .invalidArgument)
    }

    @Test("more files than one append or one page takes all become notes")
    func manyFiles() async throws {
        let fixture = Fixture()
        for number in 0..<3000 { fixture.folder.put("note number \(number)", at: "/notes/n\(number).txt") }
        #expect(try await fixture.importFolder().added == 3000)
        let contents = try await fixture.contents()
        #expect(Set(contents.map(\.text)) == Set((0..<3000).map { "note number \($0)" }))
        #expect(contents.count == 3000)
    }

    @Test("a file that is written to between its two readings is left for the next import")
    func changingFile() async throws {
        var fixture = fixture()
        let growing = GrowingFolder(fixture.folder, file: "/notes/large.log")
        fixture.effects.folder = growing
        let report = try await fixture.importFolder()
        #expect(report.skipped.changing == 1)
        #expect(report.added == 3)
        #expect(try await fixture.importFolder().added == 1)
        #expect(try await fixture.contents()[2].text == "changed " + Self.largeText)
        #expect(try await fixture.notebook.verify().isClean)
    }
}

/// Changes a file once, after it was read to its end.
private final class GrowingFolder: FolderEffects {
    private let base: MemoryFolderHandler
    private let file: String

    init(_ base: MemoryFolderHandler, file: String) {
        self.base = base
        self.file = file
    }

    var capabilities: Capabilities { base.capabilities }

    func resolve(_ folder: String) async throws(EffectError) -> String { try await base.resolve(folder) }

    func list(_ folder: String, after name: String?, limit: Int) async throws(EffectError) -> FolderPage {
        try await base.list(folder, after: name, limit: limit)
    }

    func read(_ file: String, from offset: Int, limit: Int) async throws(EffectError) -> [UInt8] {
        let bytes = try await base.read(file, from: offset, limit: limit)
        if file == self.file, bytes.count < limit, !(base.files[file] ?? []).starts(with: Array("changed".utf8)) {
            base.put("changed " + ImportTests.largeText, at: file, modified: 9000)
        }
        return bytes
    }

    func replace(_ path: String, in folder: String, with contents: @escaping FolderContents) async throws(EffectError) {
        try await base.replace(path, in: folder, with: contents)
    }
}
