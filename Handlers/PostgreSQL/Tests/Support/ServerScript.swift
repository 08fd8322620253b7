#if PostgreSQL
internal import Foundation

/// The script that starts and stops servers, which people use too.
enum ServerScript {
    /// What the script said on its error stream.
    struct Failure: Error, CustomStringConvertible {
        var arguments: [String]
        var message: String

        var description: String { "postgresql \(arguments.joined(separator: " ")): \(message)" }
    }

    private static let path = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent()
        .appendingPathComponent("../../Server/postgresql")
        .standardizedFileURL

    /// Runs the script, waits for its end, and returns what it printed.
    @discardableResult
    static func run(_ arguments: [String]) throws -> String {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = path
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        // Both are short: neither pipe fills up while the other one is read.
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(arguments: arguments, message: String(decoding: message, as: UTF8.self))
        }
        return String(decoding: printed, as: UTF8.self)
    }
}
#endif
