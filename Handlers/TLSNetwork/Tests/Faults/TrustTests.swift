#if TLSNetwork
internal import AuraEffects
@testable internal import AuraTLSNetwork
internal import OpenSSLSupport
internal import Testing

/// Two nodes of which one dials the other, and does not get through.
@Suite("Peers that are not trusted", .timeLimit(.minutes(5)))
struct TrustTests {
    private let log = LogCollector()

    /// Dials and expects one side to refuse the other by name, and neither to be connected.
    private func expectRefusal(
        _ reason: TrustRefusal.Reason,
        of dialler: TestSite,
        dialling target: TestSite,
        by refusing: Side,
        at address: (TLSNetworkHandler) -> PeerAddress = { $0.address }
    ) async throws {
        let node = try await target.open(logger: refusing == .dialled ? log.logger : .silent)
        let other = try await dialler.open(
            listen: false,
            peers: [address(node)],
            logger: refusing == .dialler ? log.logger : .silent
        )
        // Twice, so that no session of a refused handshake is resumed.
        try await log.wait(for: "security", reason.rawValue)
        let count = log.refusals
        while log.refusals < count + 2 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(try await node.peers().isEmpty)
        #expect(try await other.peers().isEmpty)
        let message = Envelope(channel: "c", payload: [])
        await #expect(throws: EffectError.self) { try await other.send(message, to: target.peer) }
        await other.close()
        await node.close()
    }

    private enum Side { case dialled, dialler }

    /// A private CA, and a node that trusts it alone.
    private func authority(_ names: String...) async throws -> (NodeIdentity, [TestSite]) {
        let authority = try TestIdentity.make("ca", isAuthority: true)
        var sites: [TestSite] = []
        for name in names {
            let site = try TestSite(TestIdentity.make(name, signedBy: authority))
            try await site.trust(authority: authority)
            sites.append(site)
        }
        return (authority, sites)
    }

    @Test("nodes of one private CA trust each other")
    func sameAuthority() async throws {
        let (_, sites) = try await authority("a", "b")
        let node = try await sites[0].open()
        let other = try await sites[1].open(peers: [PeerAddress(host: "127.0.0.1", port: node.address.port)])
        try await other.waitForPeers(1)
        #expect(try await other.peers() == [sites[0].peer])
        await other.close()
        await node.close()
    }

    @Test("an expired certificate is refused")
    func expired() async throws {
        let node = try TestSite("node")
        let late = try TestSite(TestIdentity.make("late", from: 1_000_000_000, until: 1_100_000_000))
        try await node.trust(late, as: "late")
        try await late.trust(node, as: "node")
        try await expectRefusal(.expired, of: late, dialling: node, by: .dialled)
    }

    @Test("a certificate that is not yet valid is refused")
    func notYetValid() async throws {
        let node = try TestSite("node")
        let early = try TestSite(TestIdentity.make("early", from: 4_000_000_000, until: 4_100_000_000))
        try await node.trust(early, as: "early")
        try await early.trust(node, as: "node")
        try await expectRefusal(.notYetValid, of: node, dialling: early, by: .dialler)
    }

    @Test("a self-signed certificate whose key is not pinned is refused")
    func selfSigned() async throws {
        let node = try TestSite("node")
        let stranger = try TestSite("stranger")
        try await node.edit { _ in }
        try await stranger.trust(node, as: "node")
        try await expectRefusal(.selfSignedUnpinned, of: stranger, dialling: node, by: .dialled)
    }

    @Test("a certificate of another CA is refused")
    func unpinned() async throws {
        let (_, mine) = try await authority("node")
        let (_, theirs) = try await authority("stranger")
        try await theirs[0].trust(mine[0], as: "node")
        try await expectRefusal(.unpinned, of: theirs[0], dialling: mine[0], by: .dialled)
    }

    @Test("a certificate of the private CA for another host is refused by who dials")
    func wrongHost() async throws {
        let authority = try TestIdentity.make("ca", isAuthority: true)
        let node = try TestSite(TestIdentity.make("node", hosts: ["node.example.org"], signedBy: authority))
        let other = try TestSite(TestIdentity.make("other", signedBy: authority))
        for site in [node, other] { try await site.trust(authority: authority) }
        try await expectRefusal(.wrongHost, of: other, dialling: node, by: .dialler) { node in
            PeerAddress(host: "127.0.0.1", port: node.address.port)
        }
    }

    @Test("who answers with another key than the expected one is refused")
    func wrongKey() async throws {
        let (node, other, third) = (try TestSite("node"), try TestSite("other"), try TestSite("third"))
        for site in [node, third] { try await other.trust(site, as: site.identity.certificate.name) }
        try await node.trust(other, as: "other")
        for expected in [third.peer.rawValue, "third"] {
            try await expectRefusal(.wrongKey, of: other, dialling: node, by: .dialler) { node in
                PeerAddress(peer: expected, host: "127.0.0.1", port: node.address.port)
            }
        }
    }

    @Test("a revoked key is refused, though its CA is trusted")
    func revoked() async throws {
        let (_, sites) = try await authority("node", "lost")
        let key = sites[1].identity.fingerprint
        try await sites[0].edit { $0.revoke(key, at: TestIdentity.now) }
        try await expectRefusal(.revoked, of: sites[1], dialling: sites[0], by: .dialled)
    }

    @Test("the connection of a key is cut when the key is revoked, and cannot be made again")
    func revokedLater() async throws {
        let (node, other) = (try TestSite("node"), try TestSite("other"))
        try await node.trust(other, as: "other")
        try await other.trust(node, as: "node")
        let served = try await node.open(logger: log.logger)
        let dialler = try await other.open(listen: false, peers: [served.address])
        try await dialler.waitForPeers(1)
        let events = dialler.events()
        let key = other.identity.fingerprint
        try await node.edit { $0.revoke(key, at: TestIdentity.now) }
        var iterator = events.makeAsyncIterator()
        #expect(try await iterator.next() == .disconnected(node.peer))
        try await log.wait(for: "not trusted any more", "revoked")
        try await log.wait(for: "A peer is refused", "revoked")
        #expect(try await served.peers().isEmpty)
        await dialler.close()
        await served.close()
    }
}

extension LogCollector {
    /// How often somebody was refused.
    var refusals: Int { soFar.count { $0.contains("is refused") } }
}
#endif
