#if SQLite && TLSNetwork
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import AuraTLSNetwork
internal import Logging
internal import Testing

/// `identity` in the folders of nodes that run.
@Suite("Identities of running nodes", .timeLimit(.minutes(5)))
struct RunningNodeTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        for name in ["node", "peer"] {
            #expect(try place.aura("identity", "create", "--host", "127.0.0.1", name).code == 0)
        }
        for (name, other) in [("node", "peer"), ("peer", "node")] {
            #expect(try place.aura("identity", "trust", name, other, try fingerprint(other)).code == 0)
        }
    }

    private func fingerprint(_ folder: String) throws -> String {
        try #require(try place.aura("identity", "show", folder, "--json").json["fingerprint"] as? String)
    }

    private func open(_ name: String, dialling address: PeerAddress? = nil) async throws -> TLSNetworkHandler {
        let context = HandlerContext(
            budget: ResourceBudget(memoryLimit: .mebibytes(256), cpuQuota: 1, ioQuota: .mebibytes(10)),
            time: SystemTimeHandler(),
            random: SystemRandomHandler(),
            logger: Logger(label: "test")
        )
        let folder = place.file(name)
        var configuration = TLSNetworkConfiguration(identity: folder, trust: folder, budget: context.budget)
        configuration.listen = PeerAddress(host: "127.0.0.1", port: 0)
        configuration.peers = [address].compactMap(\.self)
        configuration.reloadInterval = .milliseconds(50)
        return try await TLSNetworkHandler.open(configuration, context)
    }

    @Test("a key is refused at once where it is revoked, also where the node's own key was replaced before")
    func revokedBesideReplacedKey() async throws {
        let (old, peer) = (try fingerprint("node"), PeerID(try fingerprint("peer")))
        let node = try await open("node")
        let events = node.events()
        let address = PeerAddress(peer: "node", host: "127.0.0.1", port: try #require(node.listening?.port))
        let other = try await open("peer", dialling: address)
        var iterator = events.makeAsyncIterator()
        #expect(try await iterator.next() == .connected(peer))

        #expect(try place.aura("identity", "create", "--force", "node").code == 0)
        #expect(try fingerprint("node") != old)
        // The node has seen the new key by now, and goes on under the old one.
        try await SystemTimeHandler().sleep(for: .milliseconds(300))
        try await node.send(Envelope(channel: "c", payload: [7]), to: peer)
        var incoming = other.incoming("c").makeAsyncIterator()
        #expect(try await incoming.next()?.sender == PeerID(old))

        #expect(try place.aura("identity", "revoke", "node", "peer").code == 0)
        #expect(try await iterator.next() == .disconnected(peer))
        try await SystemTimeHandler().sleep(for: .milliseconds(500))
        #expect(try await node.peers().isEmpty)
        await other.close()
        await node.close()
    }
}
#endif
