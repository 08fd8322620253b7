internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import AuraTLSNetwork
internal import CBaselineNetwork
internal import Logging
internal import Measuring

/// Makes identities and nodes in a folder.
struct Nodes {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    /// Where identities and trust lie.
    let folder: String

    /// Makes an identity of this name.
    ///
    /// - Returns: Its fingerprint.
    func makeIdentity(_ name: String) throws -> String {
        var fingerprint = [CChar](repeating: 0, count: 65)
        try Self.withMessage { baseline_network_identity("\(folder)/\(name)", name, &fingerprint, $0, $1) }
        return String(decoding: fingerprint.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Trusts keys under the names `peer0`, `peer1` ….
    func trust(_ fingerprints: [String]) throws {
        try makeFolder("\(folder)/trust")
        let pins = fingerprints.enumerated().map { "pin peer\($0) \($1)\n" }
        try write("aura-trust 1\n\(pins.joined())", to: "\(folder)/trust/trust.txt")
    }

    /// Opens a node, as a profile of the environment 'server' would.
    func open(_ name: String, listens: Bool = false, peers: [PeerAddress] = []) async throws -> TLSNetworkHandler {
        let budget = ResourceBudget(memoryLimit: .gibibytes(2), cpuQuota: 1, ioQuota: .mebibytes(1000))
        MemoryAllocator.tune(for: budget)
        var configuration = TLSNetworkConfiguration(
            identity: "\(folder)/\(name)",
            trust: "\(folder)/trust",
            budget: budget
        )
        if listens { configuration.listen = PeerAddress(host: "127.0.0.1", port: 0) }
        configuration.peers = peers
        var logger = Logger(label: "bench")
        logger.logLevel = .critical
        let context = HandlerContext(
            budget: budget,
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: logger
        )
        return try await TLSNetworkHandler.open(configuration, context)
    }

    /// Lends two connected nodes, of which the second listens.
    func withPair(_ body: (TLSNetworkHandler, TLSNetworkHandler) async throws -> Double) async throws -> Double {
        let server = try await open("server", listens: true)
        let address = PeerAddress(host: "127.0.0.1", port: server.listening?.port ?? 0)
        let client = try await open("client", peers: [address])
        var events = client.events().makeAsyncIterator()
        if try await client.peers().isEmpty { _ = try await events.next() }
        let result = try await body(client, server)
        await client.close()
        await server.close()
        return result
    }

    /// Calls a function of the baseline and fails with the message that it left.
    static func withMessage(_ body: (UnsafeMutablePointer<CChar>, Int) -> Bool) throws {
        var message = [CChar](repeating: 0, count: 512)
        let isDone = message.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.map { body($0, buffer.count) } ?? false
        }
        guard !isDone else { return }
        let text = String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        throw Failure(description: text)
    }
}
