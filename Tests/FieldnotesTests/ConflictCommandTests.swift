#if SQLite
internal import AuraEffects
internal import AuraRuntime
internal import Testing

@testable internal import Fieldnotes

@Suite("The built application with a note in conflict")
struct ConflictCommandTests {
    private let left: BuiltApplication
    private let right: BuiltApplication
    private let id: String

    /// Two devices that have edited the same note offline and then exchanged their entries.
    init() async throws {
        left = try BuiltApplication()
        right = try BuiltApplication()
        id = try #require(
            try left.json(try left.run("add", "Two herons", "--tag", "birds", "--json").output)["id"] as? String
        )
        try await Self.merge(left, into: right)
        #expect(try left.run("edit", id, "Three herons at the weir").status == 0)
        #expect(try right.run("edit", id, "Two herons at the mill").status == 0)
        try await Self.merge(left, into: right)
        try await Self.merge(right, into: left)
    }

    private static func merge(_ from: BuiltApplication, into to: BuiltApplication) async throws {
        let profiles = try [from, to].map { try Profile.find($0.folder.file("profile.yaml")) }
        try await withAssembled(profiles[0], Fieldnotes.handlers) { source, _ in
            try await withAssembled(profiles[1], Fieldnotes.handlers) { destination, _ in
                let known = try await destination.journal.frontier()
                _ = try await destination.journal.merge(source.journal.entries(beyond: known, limit: 1000))
            }
        }
    }

    @Test("shows both texts with device and time, and marks the note in every list")
    func shown() throws {
        for application in [left, right] {
            let shown = try application.runWithMessages(["show", id])
            let lines = shown.output.split(separator: "\n")
            #expect(lines.count == 4, "\(shown.output)")
            #expect(lines.first?.hasPrefix("!! conflict, text 1 of 2: 20") == true)
            #expect(lines.contains("Three herons at the weir") && lines.contains("Two herons at the mill"))
            #expect(shown.messages.contains("--keep REVISION"))
            for arguments in [["list"], ["list", "--conflicts"], ["search", "weir"], ["search", "mill"]] {
                let output = try application.runWithMessages(arguments).output
                #expect(output.contains("!! conflict: 2 texts"), "\(arguments): \(output)")
            }
            let json = try application.json(try application.run("show", id, "--json").output)
            #expect(json["conflict"] as? Bool == true && (json["texts"] as? [Any])?.count == 2)
            #expect(try application.run("stats").output.contains("conflicts  1"))
            let exported = try application.runWithMessages(["export", "out"])
            #expect(exported.output.hasPrefix("2 files") && exported.messages.contains("1 note is in conflict"))
        }
        #expect(try left.run("show", id).output.filter { $0 == "!" }.count == 4)
    }

    @Test("an edit resolves it and says so, on every device")
    func resolved() async throws {
        let edited = try left.runWithMessages(["edit", id, "Herons at both"])
        #expect(edited.status == 0 && edited.messages.contains("in place of 2 texts"), "\(edited)")
        #expect(!edited.output.contains("!!"))
        try await Self.merge(left, into: right)
        #expect(try right.run("show", id).output == "Herons at both")
        #expect(try right.runWithMessages(["list", "--conflicts"]).messages == "No note is in conflict.\n")
        #expect(try right.run("verify").status == 0)
    }

    @Test("--keep takes one of the texts, and a title is given beside it")
    func kept() throws {
        let texts = try #require(
            try left.json(try left.run("show", id, "--json").output)["texts"] as? [[String: Any]]
        )
        let weir = try #require(texts.first { ($0["text"] as? String)?.contains("weir") == true })
        let revision = try #require(weir["revision"] as? Int)
        let edited = try left.run("edit", id, "--keep", "\(revision)", "--title", "Herons in March")
        #expect(edited.status == 0 && edited.output.contains("Herons in March"), "\(edited)")
        #expect(try left.run("show", id).output == "Three herons at the weir")
        #expect(try left.run("edit", id, "text", "--keep", "1").status == 64)
        #expect(try left.run("edit", id, "--title", "").output.contains("Three herons at the weir"))
    }
}
#endif
