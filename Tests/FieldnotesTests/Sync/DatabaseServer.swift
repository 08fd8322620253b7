#if SQLite && TLSNetwork && PostgreSQL
internal import Foundation
internal import Testing

/// A PostgreSQL server of the test's own, which ends with the test's process at the latest.
final class DatabaseServer {
    /// Where its database is, with the password.
    let url: String
    private let folder: String

    private static let script = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent()
        .appendingPathComponent("../../../Handlers/PostgreSQL/Server/postgresql")
        .standardizedFileURL

    init() throws {
        folder = NSTemporaryDirectory() + "aura-sync-\(UUID().uuidString)"
        let process = Process()
        process.executableURL = Self.script
        process.arguments = ["start", folder, "--owner", "\(getpid())"]
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let text = try String(contentsOfFile: "\(folder)/secrets/DATABASE_URL", encoding: .utf8)
        url = text.filter { !$0.isNewline }
    }

    deinit {
        let process = Process()
        process.executableURL = Self.script
        process.arguments = ["stop", folder, "--remove"]
        process.standardOutput = FileHandle.nullDevice
        try? process.run()
    }
}
#endif
