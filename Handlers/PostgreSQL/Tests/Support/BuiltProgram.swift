#if PostgreSQL
internal import Foundation
internal import Testing

/// A program of this package, run as a user runs it, in a folder of its own.
struct BuiltProgram {
    let name: String
    let folder: TemporaryFolder
    let environment: [String: String]

    /// Runs the program to its end and returns what it printed.
    @discardableResult
    func callAsFunction(_ arguments: String..., exitCode: Int32 = 0) throws -> String {
        let process = Process()
        // The test runner stands in the same folder as the products.
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: runner).deletingLastPathComponent().appendingPathComponent(name)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let (output, messages) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = messages
        try process.run()
        // Either is far smaller than a pipe holds.
        let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let said = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == exitCode, "\(name) \(arguments): \(printed)\(said)")
        return printed
    }
}

/// A folder that is removed with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("aura-postgresql-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}
#endif
