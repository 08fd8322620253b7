#if SQLite
internal import Foundation
internal import Testing

@Suite("Recorded and replayed, the built application")
struct RecordingTests {
    private let application: BuiltApplication
    private let elsewhere: TemporaryFolder

    init() throws {
        application = try BuiltApplication()
        elsewhere = try TemporaryFolder()
        let notes = application.folder.file("notes")
        try FileManager.default.createDirectory(atPath: notes, withIntermediateDirectories: true)
        for number in 0..<20 {
            try "heron number \(number)".write(toFile: "\(notes)/\(number).txt", atomically: true, encoding: .utf8)
        }
        // Larger than what an operation holds in place.
        let large = (0..<40_000).map { "word\($0)" }.joined(separator: " ")
        try large.write(toFile: "\(notes)/large.txt", atomically: true, encoding: .utf8)
    }

    /// Replays a command in a folder where there is no profile, no database and nothing to import.
    private func replay(_ arguments: String...) throws -> (output: String, messages: String, status: Int32) {
        let process = Process()
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: runner).deletingLastPathComponent()
            .appendingPathComponent("fieldnotes")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: elsewhere.path)
        process.environment = [:]
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        let messages = Pipe()
        process.standardOutput = output
        process.standardError = messages
        try process.run()
        // Either is far smaller than a pipe holds.
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let said = messages.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), String(decoding: said, as: UTF8.self), process.terminationStatus)
    }

    @Test("an import replays to the same result, and its journal to the same root hash, without database and folder")
    func importReplays() throws {
        let imported = application.folder.file("import.jsonl")
        let verified = application.folder.file("verify.jsonl")
        let recorded = try application.run("import", "notes", "--json", "--record", imported)
        #expect(recorded.status == 0)
        let root = try application.run("verify", "--json", "--record", verified)
        #expect(root.status == 0 && root.output.contains("root"), "\(root.output)")
        try FileManager.default.removeItem(atPath: application.folder.file("notes"))
        try FileManager.default.removeItem(atPath: application.folder.file("journal.db"))

        let replayed = try replay("import", "notes", "--json", "--replay", imported)
        #expect(replayed.status == 0, "\(replayed.messages)")
        #expect(replayed.output == recorded.output)
        #expect(replayed.messages.contains("all that were recorded"))
        let again = try replay("verify", "--json", "--replay", verified)
        #expect(again.status == 0, "\(again.messages)")
        #expect(again.output == root.output)
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere.path).isEmpty)
    }

    @Test("another command than the recorded one ends with 76 and both sides")
    func otherCommand() throws {
        let imported = application.folder.file("import.jsonl")
        #expect(try application.run("import", "notes", "--record", imported).status == 0)
        let other = try replay("stats", "--replay", imported)
        #expect(other.status == 76)
        #expect(other.messages.contains("asked:") && other.messages.contains("recorded:"), "\(other.messages)")
    }
}
#endif
