#if SQLite && TLSNetwork
internal import AuraEffects
internal import AuraSystem
internal import Foundation
internal import OpenSSLSupport
internal import Synchronization
internal import Testing

/// A device with the built application on the network over TLS: an identity, whom it trusts, and a notebook.
final class SyncDevice: Sendable {
    /// Where a device keeps its journal and its storage, as lines of a profile.
    enum Keeping: Sendable {
        case memory
        case sqlite
        /// Of the URL that the environment variable `DATABASE_URL` holds.
        case postgresql(url: String)

        fileprivate func lines(in folder: String) -> String {
            switch self {
            case .memory: "journal: { handler: memory }\nstorage: { handler: memory }"
            case .sqlite:
                """
                journal: { handler: sqlite, path: \(folder)/journal.db }
                storage: { handler: sqlite, path: \(folder)/storage.db }
                """
            case .postgresql:
                """
                journal: { handler: postgresql, url: "${secret:DATABASE_URL}", tls: disable }
                storage: { handler: postgresql, url: "${secret:DATABASE_URL}", tls: disable }
                """
            }
        }

        fileprivate var variables: [String: String] {
            guard case .postgresql(let url) = self else { return [:] }
            return ["DATABASE_URL": url]
        }
    }

    let name: String
    let port: UInt16
    let folder: TemporaryFolder
    private let keeping: Keeping
    private let identity: NodeIdentity

    init(_ name: String, _ keeping: Keeping) throws {
        self.name = name
        self.keeping = keeping
        port = try Self.freePort()
        folder = try TemporaryFolder()
        let now = Int64(Date().timeIntervalSince1970)
        let request = CertificateRequest(
            name: name,
            hosts: [CertificateHost("127.0.0.1")].compactMap(\.self),
            validity: CertificateValidity(notBefore: now - 86_400, notAfter: now + 400 * 86_400),
            isAuthority: false
        )
        identity = try NodeIdentity.make(request, key: try .generate(.ecdsaP256), signedBy: nil)
        try identity.write(to: folder.file("identity"))
    }

    /// Where others dial it.
    var address: String { "\(name)@127.0.0.1:\(port)" }

    /// Trusts others, and writes the profiles: `serve.yaml` listens and dials, `command.yaml` does neither.
    func join(_ others: [SyncDevice], dialling: [SyncDevice]) async throws {
        let trust = TrustEditing(
            folder: folder.file("trust"),
            time: SystemTimeHandler(),
            random: SystemRandomHandler()
        )
        for other in others where other !== self {
            let (key, name) = (other.identity.fingerprint, other.name)
            try await trust.edit { (file) throws(EffectError) in try file.pin(key, as: name) }
        }
        let peers = dialling.map { "\"\($0.address)\"" }.joined(separator: ", ")
        let dials = peers.isEmpty ? "" : ", peers: [\(peers)]"
        try write("serve", "listen: \"127.0.0.1:\(port)\"\(dials)")
        try write("command", "")
    }

    private func write(_ profile: String, _ network: String) throws {
        let comma = network.isEmpty ? "" : ", "
        let text = """
            profile: \(profile)
            environment: mobile
            waive: [journal.durable]
            \(keeping.lines(in: folder.path))
            network: { handler: tls, identity: \(folder.file("identity")), trust: \(folder.file("trust"))\(comma)\(network) }
            time: { handler: system }
            random: { handler: system }
            folder: { handler: posix }
            """
        try text.write(toFile: folder.file("\(profile).yaml"), atomically: true, encoding: .utf8)
    }

    /// Serves from now on.
    func serve() throws -> ServingProcess {
        try ServingProcess(process(["serve", "--sync", "--json"], profile: "serve"))
    }

    /// Starts a command.
    func process(_ arguments: [String], profile: String = "command") throws -> Process {
        let process = Process()
        // The test runner stands in the same folder as the products.
        let runner = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        process.executableURL = URL(fileURLWithPath: runner).deletingLastPathComponent()
            .appendingPathComponent("fieldnotes")
        process.arguments = arguments + ["--profile", folder.file("\(profile).yaml")]
        process.environment = keeping.variables
        process.standardInput = FileHandle.nullDevice
        return process
    }

    /// Runs a command to its end.
    @discardableResult
    func run(_ arguments: String...) throws -> (output: String, status: Int32) {
        let process = try process(arguments)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (String(decoding: data, as: UTF8.self), process.terminationStatus)
    }

    /// What `stats --json` counts.
    func statistics(_ key: String) throws -> Int? {
        let text = try run("stats", "--json").output
        let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        return json?[key] as? Int
    }

    private static func freePort() throws -> UInt16 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, length) == 0 && getsockname(descriptor, address, &length) == 0
            }
        }
        return try #require(isBound ? UInt16(bigEndian: address.sin_port) : nil)
    }
}

/// A `serve` that runs, and what it has said.
final class ServingProcess: Sendable {
    private let process: Process
    private let events = Mutex<[[String: String]]>([])

    init(_ process: Process) throws {
        self.process = process
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        Thread.detachNewThread { [self] in read(output.fileHandleForReading) }
    }

    private func read(_ output: FileHandle) {
        var rest = Data()
        while true {
            let data = output.availableData
            if data.isEmpty { return }
            rest += data
            while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[rest.startIndex..<end]
                rest = Data(rest[rest.index(after: end)...])
                let json = (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any]
                let event = (json ?? [:]).mapValues { "\($0)" }
                events.withLock { $0.append(event) }
            }
        }
    }

    /// How often it has said something.
    func count(_ event: String) -> Int {
        events.withLock { $0.count { $0["event"] == event } }
    }

    /// What it has said last of something.
    func last(_ event: String, _ key: String) -> String? {
        events.withLock { $0.last { $0["event"] == event }?[key] }
    }

    /// Waits until it has said something so often.
    func wait(
        for event: String,
        count: Int = 1,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        for _ in 0..<6000 {
            if self.count(event) >= count { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("no '\(event)' within a minute", sourceLocation: sourceLocation)
    }

    /// Sends a signal and waits until the process has ended.
    ///
    /// - Returns: The exit code; the signal's number where that ended it.
    @discardableResult
    func end(_ signal: Int32) async throws -> Int32 {
        kill(process.processIdentifier, signal)
        while process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
        return process.terminationStatus
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
    }
}
#endif
