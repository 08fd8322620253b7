internal import Foundation

/// The fixture's application as a process of its own.
struct FixtureProcess {
    /// How a process ended.
    struct Outcome {
        var output: String
        var errors: String
        var code: Int32

        /// The lines of the error stream that the application itself wrote, without what was logged.
        var errorLines: [String] {
            errors.split(separator: "\n").map(String.init).filter { !$0.contains(" notebook: [") }
        }
    }

    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()

    /// The fixture's executable, beside the tests' own.
    static var executable: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("RuntimeFixture")
    }

    /// Starts the process in a folder.
    init(
        _ arguments: [String],
        in folder: TemporaryFolder,
        variables: [String: String] = [:],
        executable: URL = Self.executable
    ) throws {
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.environment = variables
        process.standardOutput = output
        process.standardError = errors
        try process.run()
    }

    /// Runs the process to its end.
    static func run(
        _ arguments: String...,
        in folder: TemporaryFolder,
        variables: [String: String] = [:]
    ) throws -> Outcome {
        try FixtureProcess(arguments, in: folder, variables: variables).wait()
    }

    /// Waits until the process has written `text`.
    ///
    /// - Returns: What it has written so far.
    func waitForOutput(_ text: String) -> String {
        var read = ""
        while !read.contains(text) {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { return read }
            read += String(decoding: data, as: UTF8.self)
        }
        return read
    }

    /// Sends a signal.
    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for the process to end.
    func wait() -> Outcome {
        let output = output.fileHandleForReading.readDataToEndOfFile()
        let errors = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            output: String(decoding: output, as: UTF8.self),
            errors: String(decoding: errors, as: UTF8.self),
            code: process.terminationStatus
        )
    }
}
