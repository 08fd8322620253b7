#if SQLite
internal import Foundation
internal import Testing

/// Runs of the built `aura` as processes of their own.
enum AuraProcess {
    /// How a run ended.
    struct End {
        var isKilled: Bool
        var status: Int32
        var output: String
        var messages: String
    }

    /// Runs a command, and kills it with SIGKILL after a delay unless it has ended by then.
    static func run(_ arguments: [String], killAfter delay: Duration? = nil) async throws -> End {
        let process = Process()
        // The test runner stands in the same folder as the products.
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: runner).deletingLastPathComponent().appendingPathComponent("aura")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        let messages = Pipe()
        process.standardError = messages
        let (ended, end) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in end.finish() }
        try process.run()
        let id = process.processIdentifier
        let killer = Task {
            guard let delay else { return }
            try await Task.sleep(for: delay)
            kill(id, SIGKILL)
        }
        for await _ in ended {}
        killer.cancel()
        // Either is far smaller than a pipe holds.
        return End(
            isKilled: process.terminationReason == .uncaughtSignal,
            status: process.terminationStatus,
            output: String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self),
            messages: String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        )
    }
}

/// A folder that is removed with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("aura-transfer-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}
#endif
