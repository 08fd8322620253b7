#if SQLite
internal import Foundation
internal import Testing

@testable internal import Fieldnotes

@Suite("The built application on SQLite")
struct BinaryTests {
    private static let fileCount = 500

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        let profile = """
            profile: test-run
            environment: embedded
            journal: { handler: sqlite, path: \(folder.file("journal.db")) }
            storage: { handler: sqlite, path: \(folder.file("storage.db")) }
            time: { handler: system }
            random: { handler: system }
            folder: { handler: posix }
            """
        try profile.write(toFile: folder.file("profile.yaml"), atomically: true, encoding: .utf8)
    }

    private func makeTree() throws {
        for number in 0..<Self.fileCount {
            let parent = folder.file("tree/\(number % 10)")
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            let text = (0..<40).map { "heron \(number) saw word\(number * 7 + $0)" }.joined(separator: "\n")
            try text.write(toFile: "\(parent)/note-\(number).txt", atomically: false, encoding: .utf8)
        }
        try ImportTests.largeText.write(toFile: folder.file("tree/large.log"), atomically: false, encoding: .utf8)
    }

    private func start(_ arguments: [String]) throws -> (process: Process, output: Pipe, messages: Pipe) {
        let process = Process()
        // The test runner stands in the same folder as the products.
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: runner).deletingLastPathComponent()
            .appendingPathComponent("fieldnotes")
        process.arguments = arguments + ["--profile", folder.file("profile.yaml")]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        let output = Pipe()
        process.standardOutput = output
        let messages = Pipe()
        process.standardError = messages
        try process.run()
        return (process, output, messages)
    }

    /// Runs a command to its end.
    private func run(_ arguments: String...) throws -> (output: String, status: Int32) {
        let (process, output, _) = try start(arguments)
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(
        "an import that is stopped or killed goes on: nothing is lost, nothing comes twice",
        arguments: 0..<20 as Range<UInt64>
    )
    func interrupt(seed: UInt64) async throws {
        try makeTree()
        var generator = Generator(seed: seed)
        let (process, _, messages) = try start(["import", "tree"])
        try await Task.sleep(for: .milliseconds(Int.random(in: 5...600, using: &generator)))
        kill(process.processIdentifier, seed.isMultiple(of: 2) ? SIGINT : SIGKILL)
        let said = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if seed.isMultiple(of: 2), process.terminationReason == .exit, process.terminationStatus != 0 {
            #expect(process.terminationStatus == 130, "\(said)")
        }

        let resumed = try run("import", "tree", "--json")
        #expect(resumed.status == 0, "\(resumed.output)")
        let report = try json(resumed.output)
        #expect(report["files"] as? Int == Self.fileCount + 1)
        #expect(report["edited"] as? Int == 0)
        let statistics = try json(try run("stats", "--json").output)
        #expect(statistics["notes"] as? Int == Self.fileCount + 1)
        // One entry for each small file, and for the large one its chunks and itself.
        let chunks = (ImportTests.largeText.utf8.count + NoteContent.chunkByteCount - 1) / NoteContent.chunkByteCount
        #expect(statistics["entries"] as? Int == Self.fileCount + chunks + 1)
        let verification = try json(try run("verify", "--json").output)
        #expect(verification["clean"] as? Bool == true, "\(verification)")
        let search = try json(try run("search", "saw", "heron", "--limit", "1000", "--json").output)
        #expect((search["hits"] as? [Any])?.count == Self.fileCount)
        let again = try json(try run("import", "tree", "--json").output)
        #expect(again["unchanged"] as? Int == Self.fileCount + 1)
    }

    @Test("the commands do what their help says")
    func commands() throws {
        let added = try json(try run("add", "Two herons", "at the weir", "--tag", "Birds", "--json").output)
        #expect(added["title"] as? String == "Two herons at the weir")
        #expect(added["tags"] as? [String] == ["birds"])
        let id = try #require(added["id"] as? String)
        let edited = try json(try run("edit", id, "Three herons", "--untag", "birds", "--tag", "rare", "--json").output)
        #expect(edited["tags"] as? [String] == ["rare"])
        #expect(try run("show", String(id.prefix(12))).output == "Three herons")
        #expect(try run("show", id, "--revision", "0").output == "Two herons at the weir")
        #expect(try run("search", "herons", "--tag", "rare").output.contains("Three herons"))
        let history = try run("history", id).output
        #expect(history.split(separator: "\n").count == 4, "\(history)")
        #expect(try run("list").output.contains("Three herons #rare"))
        #expect(try run("export", "out").output.hasPrefix("1 files"))
        #expect(try String(contentsOfFile: folder.file("out/notes/\(id).txt"), encoding: .utf8) == "Three herons")
        #expect(try run("verify").status == 0)
    }

    @Test("damage in the journal is named with what to do, and what lies before it can be exported")
    func damage() throws {
        for number in 0..<8 { #expect(try run("add", "heron number \(number)").status == 0) }
        let path = folder.file("journal.db")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let text = try #require(bytes.range(of: Data("heron number 4".utf8)))
        bytes[text.lowerBound] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        try FileManager.default.removeItem(atPath: folder.file("storage.db"))

        let verified = try run("verify")
        #expect(verified.status == 1)
        #expect(verified.output.contains("wrong: position 5"), "\(verified.output)")
        #expect(verified.output.contains("from a backup") && verified.output.contains("fieldnotes export"))
        #expect(!verified.output.contains("nothing is wrong") && !verified.output.contains("every"))
        let report = try json(try run("verify", "--json").output)
        #expect(report["clean"] as? Bool == false && report["advice"] is String)
        let exported = try json(try run("export", "saved", "--json").output)
        #expect(exported["files"] as? Int == 4)
        #expect((exported["failed"] as? [Any])?.count == 1)
    }

    @Test(
        "errors say what is wrong and what to do",
        arguments: [
            (["show", "ffff"], "No note's id begins with 'ffff'", 1),
            (["show", "zz"], "does not name a note", 1),
            (["import", "nowhere"], "nowhere", 1),
            (["search", "–"], "The search has no word", 1),
            (["add", "x", "--tag", "a b"], "'a b' is not a tag", 1),
            (["list", "--limit", "0"], "--limit must be at least 1", 64),
        ]
    )
    func errors(arguments: [String], message: String, status: Int) throws {
        let (process, _, messages) = try start(arguments)
        let said = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(said.contains(message), "\(said)")
        #expect(Int(process.terminationStatus) == status)
    }
}
#endif
