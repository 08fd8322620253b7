#if SQLite
internal import Foundation
internal import Testing

@Suite("The built application on SQLite")
struct BinaryTests {
    private let application: BuiltApplication

    init() throws {
        application = try BuiltApplication()
    }

    @Test("the commands do what their help says")
    func commands() throws {
        let added = try application.json(
            try application.run("add", "Two herons", "at the weir", "--tag", "Birds", "--json").output
        )
        #expect(added["title"] as? String == "Two herons at the weir")
        #expect(added["tags"] as? [String] == ["birds"])
        let id = try #require(added["id"] as? String)
        let edited = try application.json(
            try application.run("edit", id, "Three herons", "--untag", "birds", "--tag", "rare", "--json").output
        )
        #expect(edited["tags"] as? [String] == ["rare"])
        #expect(try application.run("show", String(id.prefix(12))).output == "Three herons")
        #expect(try application.run("show", id, "--revision", "0").output == "Two herons at the weir")
        #expect(try application.run("search", "herons", "--tag", "rare").output.contains("Three herons"))
        let history = try application.run("history", id).output
        #expect(history.split(separator: "\n").count == 4, "\(history)")
        #expect(try application.run("list").output.contains("Three herons #rare"))
        #expect(try application.run("export", "out").output.hasPrefix("1 files"))
        #expect(
            try String(contentsOfFile: application.folder.file("out/notes/\(id).txt"), encoding: .utf8)
                == "Three herons"
        )
        #expect(try application.run("verify").status == 0)
    }

    @Test("an edit that changes nothing says so and leaves no revision")
    func idleEdit() throws {
        let added = try application.json(try application.run("add", "heron", "--tag", "birds", "--json").output)
        let id = try #require(added["id"] as? String)
        for change in [["heron"], ["--untag", "river"], ["--tag", "birds"], ["heron", "--tag", "birds"]] {
            let edited = try application.runWithMessages(["edit", id] + change)
            #expect(edited.status == 0 && edited.messages.contains("Nothing to change"), "\(change): \(edited)")
        }
        #expect(try application.run("history", id).output.split(separator: "\n").count == 1)
        let changed = try application.runWithMessages(["edit", id, "heron", "--tag", "river", "--tag", "birds"])
        #expect(changed.messages.isEmpty)
        #expect(try application.run("history", id).output.split(separator: "\n").count == 2)
    }

    @Test("a list without notes says why, and how to begin")
    func emptyList() throws {
        let empty = try application.runWithMessages(["list", "--json"])
        #expect(empty.output == "[]\n")
        #expect(empty.messages.contains("No notes yet") && empty.messages.contains("fieldnotes import FOLDER"))
        #expect(empty.messages.contains(application.folder.path), "\(empty.messages)")
        #expect(try application.run("add", "heron", "--tag", "birds").status == 0)
        #expect(try application.runWithMessages(["list"]).messages.isEmpty)
        let untagged = try application.runWithMessages(["list", "--tag", "none"])
        #expect(untagged.output.isEmpty && untagged.messages.contains("No note has the tag 'none'"))
    }

    @Test("damage in the journal is named with what to do, and what lies before it can be exported")
    func damage() throws {
        for number in 0..<8 { #expect(try application.run("add", "heron number \(number)").status == 0) }
        let path = application.folder.file("journal.db")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let text = try #require(bytes.range(of: Data("heron number 4".utf8)))
        bytes[text.lowerBound] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        try FileManager.default.removeItem(atPath: application.folder.file("storage.db"))

        let verified = try application.run("verify")
        #expect(verified.status == 1)
        #expect(verified.output.contains("wrong: position 5"), "\(verified.output)")
        #expect(verified.output.contains("from a backup") && verified.output.contains("fieldnotes export"))
        #expect(!verified.output.contains("nothing is wrong") && !verified.output.contains("every"))
        let report = try application.json(try application.run("verify", "--json").output)
        #expect(report["clean"] as? Bool == false && report["advice"] is String)
        let exported = try application.json(try application.run("export", "saved", "--json").output)
        #expect(exported["files"] as? Int == 4)
        #expect((exported["failed"] as? [Any])?.count == 1)
    }

    @Test(
        "errors say what is wrong and what to do",
        arguments: [
            (["show", "ffff"], "No note's id begins with 'ffff'", 1),
            (["show", "zz"], "does not name a note", 64),
            (["import", "nowhere"], "Give a folder that you may read", 1),
            (["export", "profile.yaml/out"], "Nothing was written", 1),
            (["export", "profile.yaml"], "Nothing was written", 1),
            (["search", "–"], "The search has no word", 64),
            (["add", "x", "--tag", "a b"], "'a b' is not a tag", 64),
            (["add", ""], "The text is empty", 64),
            (["add"], "The text is empty", 64),
            (["edit", "ff", "--tag", "a", "--untag", "a"], "both to be added and to be removed", 64),
            (["list", "--limit", "0"], "--limit must be at least 1", 64),
        ]
    )
    func errors(arguments: [String], message: String, status: Int) throws {
        let (process, _, messages) = try application.start(arguments)
        let said = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said.contains(message), "\(said)")
        #expect(Int(process.terminationStatus) == status)
    }
}
#endif
