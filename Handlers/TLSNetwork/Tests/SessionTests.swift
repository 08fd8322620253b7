#if TLSNetwork
internal import AuraEffects
internal import AuraSystem
@testable internal import AuraTLSNetwork
internal import OpenSSLSupport
internal import Testing

@Suite("Sessions and certificates over time", .timeLimit(.minutes(5)))
struct SessionTests {
    private let log = LogCollector()
    private let node: TestSite
    private let other: TestSite

    init() async throws {
        node = try TestSite("node")
        other = try TestSite("other")
        try await node.trust(other, as: "other")
        try await other.trust(node, as: "node")
    }

    /// A node, another that dials it through a proxy, and the proxy.
    private func open() async throws -> (TLSNetworkHandler, TLSNetworkHandler, TestProxy) {
        let served = try await node.open(logger: log.logger)
        let proxy = try await TestProxy.open(to: served.address.port)
        let address = PeerAddress(peer: "node", host: "127.0.0.1", port: proxy.port)
        let dialler = try await other.open(listen: false, peers: [address], logger: log.logger)
        try await dialler.waitForPeers(1)
        // A ticket comes after the handshake: a message behind it says that it has come.
        try await served.waitForPeers(1)
        try await served.send(Envelope(channel: "c", payload: []), to: other.peer)
        var incoming = dialler.incoming("c").makeAsyncIterator()
        _ = try await incoming.next()
        return (served, dialler, proxy)
    }

    private func reconnect(_ dialler: TLSNetworkHandler, through proxy: TestProxy) async throws {
        var events = dialler.events().makeAsyncIterator()
        proxy.cut()
        #expect(try await events.next() == .disconnected(node.peer))
        proxy.mend()
        #expect(try await events.next() == .connected(node.peer))
    }

    @Test("a peer that comes back resumes its session, and is known by its key all the same")
    func resumption() async throws {
        let (served, dialler, proxy) = try await open()
        #expect(!log.soFar.contains { $0.contains("resumed=true") })
        for _ in 0..<3 {
            let before = log.resumptions
            try await reconnect(dialler, through: proxy)
            try await served.waitForPeers(1)
            // Both sides say so.
            while log.resumptions < before + 2 { try await Task.sleep(for: .milliseconds(5)) }
            try await dialler.send(Envelope(channel: "c", payload: [1]), to: node.peer)
            var incoming = served.incoming("c").makeAsyncIterator()
            #expect(try await incoming.next()?.sender == other.peer)
            try await served.send(Envelope(channel: "c", payload: []), to: other.peer)
            var back = dialler.incoming("c").makeAsyncIterator()
            #expect(try await back.next()?.sender == node.peer)
        }
        await dialler.close()
        await served.close()
        await proxy.close()
    }

    @Test("a resumed session is judged again: a revoked key does not come back by its ticket")
    func resumptionOfRevoked() async throws {
        let (served, dialler, proxy) = try await open()
        let key = node.identity.fingerprint
        proxy.cut()
        // It is the dialler that judges: it has the session in memory, and the served node's ticket keys stay as they are.
        try await other.edit { $0.revoke(key, at: TestIdentity.now) }
        try await log.wait(for: "is used from now on")
        proxy.mend()
        try await log.wait(for: "A peer is refused", "revoked")
        #expect(try await dialler.peers().isEmpty)
        await dialler.close()
        await served.close()
        await proxy.close()
    }

    @Test(
        "nodes whose certificates lead to their CA over another connect again as often as they must, and none is refused"
    )
    func intermediateAuthority() async throws {
        let authority = try TestAuthority()
        let sites = try ["a", "b"].map { try TestSite(TestIdentity.make($0, signedBy: authority.middle)) }
        for site in sites { try await site.trust(authority: authority.root) }
        let served = try await sites[0].open(logger: log.logger)
        let proxy = try await TestProxy.open(to: served.address.port)
        let address = PeerAddress(host: "127.0.0.1", port: proxy.port)
        let dialler = try await sites[1].open(listen: false, peers: [address], logger: log.logger)
        try await dialler.waitForPeers(1)
        for round in UInt8(0)..<5 {
            // A ticket would come before it.
            try await served.waitForPeers(1)
            try await served.send(Envelope(channel: "c", payload: [round]), to: sites[1].peer)
            var incoming = dialler.incoming("c").makeAsyncIterator()
            #expect(try await incoming.next()?.payload == [round])
            var events = dialler.events().makeAsyncIterator()
            proxy.cut()
            #expect(try await events.next() == .disconnected(sites[0].peer))
            try await served.waitForPeers(0)
            proxy.mend()
            #expect(try await events.next() == .connected(sites[0].peer))
        }
        #expect(log.refusals == 0)
        #expect(log.resumptions == 0)
        await dialler.close()
        await served.close()
        await proxy.close()
    }

    @Test("a server that closes after it has given a ticket is dialled without it")
    func ticketOfClosingServer() async throws {
        let trust = try TrustStore(folder: node.trustPath)
        let server = try await ClosingServer.open(TLSContext(node.identity, trust, time: SystemTimeHandler()))
        let address = PeerAddress(peer: "node", host: "127.0.0.1", port: server.port)
        let dialler = try await other.open(listen: false, peers: [address])
        while server.areResumed.count < 4 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(!server.areResumed.contains(true))
        await dialler.close()
        await server.close()
    }

    @Test("a new certificate for the same key is used for new connections, and open ones stay")
    func rotation() async throws {
        let (served, dialler, proxy) = try await open()
        let renewed = try TestIdentity.make("renewed", key: node.identity.key)
        try renewed.write(to: node.identityPath, replacing: true)
        // The key is written before the certificate, so that two changes may be seen.
        while try await RawPeer.certificate(at: served.address.port, as: other.identity) != renewed.certificate.name {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try await dialler.peers() == [node.peer])
        let before = log.soFar.count { $0.contains("connected") }
        try await reconnect(dialler, through: proxy)
        #expect(log.soFar.count { $0.contains("connected") } > before)
        await dialler.close()
        await served.close()
        await proxy.close()
    }

    @Test("files that cannot be used leave what was in use in use")
    func damagedFiles() async throws {
        let (served, dialler, proxy) = try await open()
        try write("what is this?", to: "\(node.trustPath)/trust.txt")
        try await log.wait(for: "cannot be used")
        try await reconnect(dialler, through: proxy)
        await dialler.close()
        await served.close()
        await proxy.close()
    }
}

extension LogCollector {
    /// How many ends of connections were resumed.
    var resumptions: Int { soFar.count { $0.contains("resumed=true") } }
}
#endif
