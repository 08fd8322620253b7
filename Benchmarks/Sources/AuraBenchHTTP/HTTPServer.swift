internal import AuraEffects
internal import Foundation

/// The servers that the tests use, which end with this process: nginx is what is measured against.
final class HTTPServer {
    private struct Ports: Decodable {
        var plain: Int
    }

    private struct Failure: Error {
        var message: String
    }

    private let folder: String
    private let process = Process()
    private(set) var url = HTTPURL(.http, host: "127.0.0.1")

    init(folder: String) {
        self.folder = folder
    }

    /// Starts nginx, and waits until it can be reached.
    func start() throws {
        process.executableURL =
            URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent()
            .appendingPathComponent("../../../Handlers/Curl/Server/server.py")
            .standardizedFileURL
        process.arguments = [folder, "\(getpid())", "--nginx"]
        try process.run()
        let file = URL(fileURLWithPath: "\(folder)/ports.json")
        while !FileManager.default.fileExists(atPath: file.path) {
            guard process.isRunning else { throw Failure(message: "nginx did not start: see what it said above") }
            usleep(10_000)
        }
        let ports = try JSONDecoder().decode(Ports.self, from: Data(contentsOf: file))
        url = HTTPURL(.http, host: "127.0.0.1", port: ports.plain, path: "/small")
    }
}
