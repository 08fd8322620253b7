internal import Foundation

@testable internal import AuraSystem

/// A real chronyd on loopback, whose clock may be wrong on purpose.
final class ChronyServer {
    let port: UInt16
    private let folder: URL
    private var process: Process?

    /// Starts it.
    ///
    /// - Parameters:
    ///   - ahead: How many seconds its clock is ahead of the machine's.
    ///   - port: The port of one that was stopped; by default a free one.
    /// - Throws: Where it cannot be started.
    init(ahead: Int = 0, port: UInt16? = nil) throws {
        self.port = try port ?? Loopback.freePort()
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("aura-chrony-\(UUID().uuidString)")
        let process = Process()
        process.executableURL = Self.script
        process.arguments = ["serve", folder.path, "--port", "\(self.port)", "--owner", "\(getpid())"]
        if ahead != 0 { process.arguments? += ["--ahead", "\(ahead)"] }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
    }

    deinit {
        stop()
    }

    var name: NTPServerName {
        get throws { try Loopback.name(port) }
    }

    /// Ends it, and waits until its port is free.
    func stop() {
        guard let process else { return }
        // Threads of tests block the gentler signals, and what they start inherits that.
        kill(process.processIdentifier, SIGKILL)
        while !Loopback.isFree(port) { usleep(1000) }
        self.process = nil
        try? FileManager.default.removeItem(at: folder)
    }

    private static let script = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("Server/chrony")
}
