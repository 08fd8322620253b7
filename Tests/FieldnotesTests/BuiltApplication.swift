#if SQLite
internal import Foundation
internal import Testing

/// The built application with a notebook on SQLite in a folder of its own.
struct BuiltApplication {
    let folder: TemporaryFolder

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

    /// Starts a command in the folder.
    func start(_ arguments: [String]) throws -> (process: Process, output: Pipe, messages: Pipe) {
        let process = Process()
        // The test runner stands in the same folder as the products.
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: runner).deletingLastPathComponent()
            .appendingPathComponent("fieldnotes")
        process.arguments = arguments + ["--profile", folder.file("profile.yaml")]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        let messages = Pipe()
        process.standardError = messages
        try process.run()
        return (process, output, messages)
    }

    /// Runs a command to its end.
    func run(_ arguments: String...) throws -> (output: String, status: Int32) {
        let (process, output, _) = try start(arguments)
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }

    /// Runs a command to its end, and reads what it says besides its output.
    func runWithMessages(_ arguments: [String]) throws -> (output: String, messages: String, status: Int32) {
        let (process, output, messages) = try start(arguments)
        // Either is far smaller than a pipe holds.
        let data = output.fileHandleForReading.readDataToEndOfFile()
        let said = messages.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), String(decoding: said, as: UTF8.self), process.terminationStatus)
    }

    func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
}
#endif
