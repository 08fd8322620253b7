internal import AuraEffects
internal import Testing

@testable internal import FieldnotesCore

@Suite("Export")
struct ExportTests {
    @Test("importing an export gives the same texts")
    func roundTrip() async throws {
        let fixture = Fixture()
        fixture.folder.put("heron", at: "/a/notes/birds/heron.txt")
        fixture.folder.put(ImportTests.largeText, at: "/a/notes/large.log")
        fixture.folder.put("", at: "/a/notes/empty.txt")
        fixture.folder.put("other heron", at: "/b/notes/birds/heron.txt")
        _ = try await fixture.importFolder("/a/notes")
        _ = try await fixture.importFolder("/b/notes")
        let written = try await fixture.notebook.add(Array("written".utf8), tags: [try tag("mine")])
        try await fixture.notebook.catchUp()
        let report = try await Exporter(fixture.notebook).run(to: "/out")
        #expect(report.files == 5 && report.failed.isEmpty)

        let exported = Set(fixture.folder.files.keys.filter { $0.hasPrefix("/out/") })
        #expect(
            exported == [
                "/out/notes-2/birds/heron.txt", "/out/notes-2/large.log", "/out/notes-2/empty.txt",
                "/out/notes-3/birds/heron.txt", "/out/notes/\(written).txt",
            ]
        )
        let again = Fixture(seed: 2)
        for (path, bytes) in fixture.folder.files where path.hasPrefix("/out/") { again.folder.put(bytes, at: path) }
        _ = try await again.importFolder("/out")
        #expect(try await again.contents().map(\.text).sorted() == fixture.contents().map(\.text).sorted())
    }

    @Test("only notes with the tags are written")
    func tags() async throws {
        let fixture = Fixture()
        let tagged = try await fixture.notebook.add(Array("one".utf8), tags: [try tag("mine")])
        _ = try await fixture.notebook.add(Array("two".utf8), tags: [])
        try await fixture.notebook.catchUp()
        let report = try await Exporter(fixture.notebook).run(to: "/out", tags: [try tag("mine")])
        #expect(report.files == 1)
        #expect(fixture.folder.files == ["/out/notes/\(tagged).txt": Array("one".utf8)])
    }

    @Test(
        "a path from another device that leads out of the folder is refused and told",
        arguments: ["../x", "a/../../x", "/x", "a//x"]
    )
    func outside(path: String) async throws {
        let fixture = Fixture()
        let source = NoteSource(name: "notes", path: path)
        let draft = NoteOperation.added(.inline([0x78]), tags: [], source: source).draft(id: EntryID(rawValue: 1))
        try await fixture.journal.append([draft], to: NoteID(source: source).stream)
        try await fixture.notebook.catchUp()
        let report = try await Exporter(fixture.notebook).run(to: "/out")
        #expect(report.files == 0 && report.failed.count == 1)
        #expect(fixture.folder.files.isEmpty)
    }

    @Test("a file in the folder's place ends the export before anything is written")
    func fileInPlace() async throws {
        let fixture = Fixture()
        fixture.folder.put("a file", at: "/out")
        _ = try await fixture.notebook.add(Array("one".utf8), tags: [])
        try await fixture.notebook.catchUp()
        let error = await thrownError { () throws(EffectError) in
            _ = try await Exporter(fixture.notebook).run(to: "/out")
        }
        #expect(error?.code == .invalidArgument && error?.message.contains("Nothing was written") == true)
        #expect(fixture.folder.files == ["/out": Array("a file".utf8)])
    }

    @Test("a handler that only reads refuses as unsupported")
    func readOnly() async throws {
        var fixture = Fixture()
        fixture.effects.folder = MemoryFolderHandler(isWritable: false)
        _ = try await fixture.notebook.add(Array("one".utf8), tags: [])
        try await fixture.notebook.catchUp()
        let notebook = fixture.notebook
        let error = await thrownError { () throws(EffectError) in _ = try await Exporter(notebook).run(to: "/out") }
        #expect(error?.code == .unsupported)
    }
}
