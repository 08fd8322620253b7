#if AWS
internal import AuraEffects
internal import Foundation
internal import Testing

/// A program of this package, run as a user runs it on services of the store's server, in a folder and with names of its own.
final class ProgramPlace: Sendable {
    /// How a run ended.
    struct Outcome {
        var output: String
        var errors: String
        var code: Int32

        /// The output as one object.
        var json: [String: Any] {
            get throws { try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]) }
        }
    }

    let server: StoreServer
    /// What the names of tables, buckets, queues and topics begin with.
    let prefix = "place-\(UUID().uuidString.lowercased())"
    private let folder: URL

    init(_ server: StoreServer) throws {
        self.server = server
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("aura-aws-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func file(_ name: String) -> String { folder.appendingPathComponent(name).path }

    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }

    private var variables: [String: String] {
        let profiles = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("../../../../Profiles").standardizedFileURL
        var variables = [
            "AWS_ACCESS_KEY_ID": StoreServer.accessKeyID, "AWS_SECRET_ACCESS_KEY": StoreServer.secretAccessKey,
            "AWS_REGION": "us-east-1", "AURA_PROFILES": profiles.path, "AURA_JOURNAL_OVER_TABLE": "\(prefix)-journal",
            "AURA_JOURNAL_OBJECTS_BUCKET": "\(prefix)-storage",
            "AURA_STORAGE_OVER_BUCKET": "\(prefix)-storage", "AURA_CLOUD_OBJECTS_BUCKET": "\(prefix)-objects",
            "AURA_CLOUD_KEY_VALUES_TABLE": "\(prefix)-items", "AURA_CLOUD_QUEUE_QUEUE": "\(prefix)-queue",
            "AURA_CLOUD_QUEUE_DEAD_LETTERS": "\(prefix)-dead", "AURA_CLOUD_TOPICS_TOPICS": "\(prefix)-notices",
            "AURA_CLOUD_TOPICS_SUBSCRIPTIONS": "\(prefix)-search", "AURA_CLOUD_FUNCTIONS_FUNCTIONS": "echo-\(prefix)",
        ]
        let services = ["OBJECTS", "KEY_VALUES", "QUEUE", "TOPICS", "FUNCTIONS"].map { "CLOUD_\($0)" }
        for handler in ["JOURNAL_OVER", "JOURNAL_OBJECTS", "STORAGE_OVER", "SECRETS"] + services {
            variables["AURA_\(handler)_ENDPOINT"] = server.endpoint.text
        }
        return variables
    }

    /// Runs a program to its end.
    @discardableResult
    func run(_ name: String, _ arguments: String..., exitCode: Int32 = 0) throws -> Outcome {
        try run(name, arguments, exitCode: exitCode)
    }

    /// Runs a program to its end; `input` is the file of the folder that its standard input stream is, which is empty by default.
    @discardableResult
    func run(
        _ name: String,
        _ arguments: [String],
        exitCode: Int32 = 0,
        settings: [String: String] = [:],
        input: String? = nil
    ) throws -> Outcome {
        try start(name, arguments, settings: settings, input: input).end(exitCode: exitCode)
    }

    /// Starts a program, which is waited for by ``Run/end(exitCode:)``.
    func start(
        _ name: String,
        _ arguments: [String],
        settings: [String: String] = [:],
        input: String? = nil
    ) throws -> Run {
        let process = Process()
        // The test runner stands in the same folder as the products.
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: runner).deletingLastPathComponent().appendingPathComponent(name)
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = variables.merging(settings) { $1 }
        process.standardInput =
            try input.map { try FileHandle(forReadingFrom: folder.appendingPathComponent($0)) } ?? .nullDevice
        return try Run(process)
    }

    /// Waits until the server has got a request.
    func waitForRequest(_ isWanted: (String) -> Bool) throws {
        for _ in 0..<400 {
            if try server.state.requests.contains(where: isWanted) { return }
            usleep(100_000)
        }
        Issue.record("no such request came")
    }

    /// A program that was started.
    struct Run {
        private let process: Process
        private let output = Pipe()
        private let messages = Pipe()

        fileprivate init(_ process: Process) throws {
            self.process = process
            process.standardOutput = output
            process.standardError = messages
            try process.run()
        }

        /// Waits for the program's end.
        @discardableResult
        func end(exitCode: Int32 = 0) throws -> Outcome {
            // Either is far smaller than a pipe holds.
            let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            let said = String(decoding: messages.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            let command = ([process.executableURL?.lastPathComponent ?? ""] + (process.arguments ?? []))
                .joined(separator: " ")
            #expect(process.terminationStatus == exitCode, "\(command): \(printed)\(said)")
            return Outcome(output: printed, errors: said, code: process.terminationStatus)
        }
    }
}
#endif
