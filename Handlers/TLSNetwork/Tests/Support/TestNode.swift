#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import AuraTLSNetwork
internal import Glibc
internal import Logging
internal import OpenSSLSupport

/// A folder of a test, which is removed with it.
final class TestFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/aura-tls-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw TestFailure("no folder can be made") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        for folder in ["identity", "trust/ca", "trust/crl", "trust", ""].map({ "\(path)/\($0)" }) {
            guard let entries = unsafe opendir(folder) else { continue }
            while let entry = unsafe readdir(entries) {
                let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                unsafe unlink("\(folder)/\(name)")
            }
            unsafe closedir(entries)
            unsafe rmdir(folder)
        }
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Certificates for tests.
enum TestIdentity {
    static let now = Int64(time(nil))
    static let day: Int64 = 86_400

    /// Makes an identity whose certificate is valid now, unless said otherwise.
    static func make(
        _ name: String,
        hosts: [String] = ["127.0.0.1"],
        from: Int64 = now - day,
        until: Int64 = now + day,
        isAuthority: Bool = false,
        key: PrivateKey? = nil,
        signedBy authority: NodeIdentity? = nil
    ) throws -> NodeIdentity {
        let request = CertificateRequest(
            name: name,
            hosts: hosts.compactMap { CertificateHost($0) },
            validity: CertificateValidity(notBefore: from, notAfter: until),
            isAuthority: isAuthority
        )
        return try NodeIdentity.make(request, key: try key ?? .generate(.ecdsaP256), signedBy: authority)
    }
}

/// What a node is made from, in a folder of its own.
struct TestSite: Sendable {
    let folder: TestFolder
    let identity: NodeIdentity

    var peer: PeerID { identity.peer }
    var identityPath: String { "\(folder.path)/identity" }
    var trustPath: String { "\(folder.path)/trust" }

    init(_ name: String) throws {
        try self.init(TestIdentity.make(name))
    }

    init(_ identity: NodeIdentity) throws {
        folder = try TestFolder()
        self.identity = identity
        try identity.write(to: identityPath)
    }

    /// Replaces whom the node trusts.
    func edit(_ change: @Sendable (inout TrustFile) throws(EffectError) -> Void) async throws {
        try await trust.edit(change)
    }

    /// Trusts a peer by its key.
    func trust(_ other: TestSite, as name: String) async throws {
        let key = other.identity.fingerprint
        try await edit { (file) throws(EffectError) in try file.pin(key, as: name) }
    }

    /// Trusts what a private CA signs.
    func trust(authority: NodeIdentity) async throws {
        try await edit { _ in }
        _ = try await trust.add(authority.certificate)
    }

    private var trust: TrustEditing {
        TrustEditing(folder: trustPath, time: SystemTimeHandler(), random: SystemRandomHandler())
    }

    /// A configuration with times that suit a test.
    func configuration(listen: Bool = true, peers: [PeerAddress] = []) -> TLSNetworkConfiguration {
        var configuration = TLSNetworkConfiguration(identity: identityPath, trust: trustPath, budget: .test)
        if listen { configuration.listen = PeerAddress(host: "127.0.0.1", port: 0) }
        configuration.peers = peers
        configuration.handshakeTimeout = .seconds(60)
        configuration.idleTimeout = .seconds(60)
        configuration.firstPause = .milliseconds(10)
        configuration.longestPause = .milliseconds(100)
        configuration.reloadInterval = .milliseconds(20)
        return configuration
    }

    /// Opens a node.
    func open(
        listen: Bool = true,
        peers: [PeerAddress] = [],
        logger: Logger = .silent,
        _ change: (inout TLSNetworkConfiguration) -> Void = { _ in }
    ) async throws -> TLSNetworkHandler {
        var configuration = configuration(listen: listen, peers: peers)
        change(&configuration)
        return try await TLSNetworkHandler.open(configuration, .test(logger))
    }
}

/// Replaces a file's contents.
func write(_ text: String, to path: String) throws {
    guard let file = unsafe fopen(path, "w") else { throw TestFailure("\(path) cannot be written") }
    unsafe fputs(text, file)
    unsafe fclose(file)
}

extension ResourceBudget {
    static var test: ResourceBudget {
        ResourceBudget(memoryLimit: .mebibytes(256), cpuQuota: 1, ioQuota: .mebibytes(10))
    }
}

extension HandlerContext {
    static func test(_ logger: Logger = .silent) -> HandlerContext {
        HandlerContext(budget: .test, time: SystemTimeHandler(), random: SystemRandomHandler(), logger: logger)
    }
}

extension Logger {
    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

extension TLSNetworkHandler {
    /// Where this node is dialled.
    var address: PeerAddress { PeerAddress(peer: localPeer.rawValue, host: "127.0.0.1", port: listening?.port ?? 0) }
}
#endif
