#if SQLite
internal import Foundation
internal import Testing

/// The built `aura` as a process of its own.
struct AuraProcess {
    /// How a process ended.
    struct Outcome {
        var bytes: Data
        var errors: String
        var code: Int32

        var output: String { String(decoding: bytes, as: UTF8.self) }
        var lines: [String] { output.split(separator: "\n").map(String.init) }

        /// The output as one object.
        var json: [String: Any] {
            get throws { try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any]) }
        }

        /// The output as an object per line.
        var jsonLines: [[String: Any]] {
            get throws {
                try lines.map { line in
                    try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
                }
            }
        }

        /// What stands under `error` in the output.
        var jsonError: [String: Any] {
            get throws { try #require(try json["error"] as? [String: Any]) }
        }
    }

    private let process = Process()
    private let output = Pipe()
    private let errors = Pipe()

    init(
        _ arguments: [String],
        in place: Workplace,
        input: Data = Data(),
        variables: [String: String] = [:]
    ) throws {
        // The test runner stands in the same folder as the products.
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: runner).deletingLastPathComponent().appendingPathComponent("aura")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: place.path)
        process.environment = variables
        let inputFile = place.file(".input-\(UUID().uuidString)")
        try input.write(to: URL(fileURLWithPath: inputFile))
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: inputFile))
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        try FileManager.default.removeItem(atPath: inputFile)
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

    var identifier: Int32 { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    /// Waits for the process to end; what it says is far less than a pipe holds.
    func wait() -> Outcome {
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        let errors = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Outcome(
            bytes: bytes,
            errors: String(decoding: errors, as: UTF8.self),
            code: process.terminationStatus
        )
    }
}

extension Workplace {
    /// Runs the command to its end.
    func aura(
        _ arguments: String...,
        input: Data = Data(),
        variables: [String: String] = [:]
    ) throws -> AuraProcess.Outcome {
        try AuraProcess(arguments, in: self, input: input, variables: variables).wait()
    }
}
#endif
