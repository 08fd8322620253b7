#if AWS
internal import AuraEffects
internal import Foundation

/// Runs AWS's own tools against a server.
struct PeerProgram {
    private struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    private let server: StoreServer

    init(_ server: StoreServer) {
        self.server = server
    }

    /// What reads and writes beside Aura, by boto3.
    static var script: String { folder.appendingPathComponent("Handlers/AWS/Tests/Support/boto3_peer.py").path }

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../..").standardizedFileURL

    /// A program of the tests' Python, or of the machine.
    private static func program(_ name: String) -> URL {
        let own = folder.appendingPathComponent(".build/python/bin/\(name)")
        return FileManager.default.isExecutableFile(atPath: own.path) ? own : URL(fileURLWithPath: "/usr/bin/env")
    }

    /// Runs a program to its end and returns what it printed.
    func run(_ name: String, _ arguments: [String]) throws -> String {
        let process = Process()
        let (output, errors) = (Pipe(), Pipe())
        process.executableURL = Self.program(name)
        process.arguments = (process.executableURL?.lastPathComponent == "env" ? [name] : []) + arguments
        process.environment = ProcessInfo.processInfo.environment.merging([
            "AWS_ACCESS_KEY_ID": StoreServer.accessKeyID, "AWS_SECRET_ACCESS_KEY": StoreServer.secretAccessKey,
            "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": server.endpoint.text,
            "AWS_EC2_METADATA_DISABLED": "true", "PYTHONDONTWRITEBYTECODE": "1",
        ]) { $1 }
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let printed = output.fileHandleForReading.readDataToEndOfFile()
        let message = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: String(decoding: message, as: UTF8.self))
        }
        return String(decoding: printed, as: UTF8.self)
    }
}
#endif
