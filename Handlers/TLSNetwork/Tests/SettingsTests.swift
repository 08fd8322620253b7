#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
@testable internal import AuraTLSNetwork
internal import Testing

@Suite("The settings of the network over TLS")
struct SettingsTests {
    @Test(
        "addresses are read as they are written",
        arguments: [
            ("node@host.example:8443", "node", "host.example", 8443), ("[::1]:1", nil, "::1", 1),
            ("a@[2001:db8::7]:65535", "a", "2001:db8::7", 65_535), ("127.0.0.1:80", nil, "127.0.0.1", 80),
        ] as [(String, String?, String, Int)]
    )
    func addresses(text: String, peer: String?, host: String, port: Int) {
        #expect(PeerAddress(text) == PeerAddress(peer: peer, host: host, port: port))
        #expect(PeerAddress(text)?.description == text)
    }

    @Test(
        "what is no address is none",
        arguments: ["", "host", "host:", ":80", "host:0", "host:65536", "@host:1", "::1:80"]
    )
    func noAddresses(text: String) {
        #expect(PeerAddress(text) == nil)
    }

    @Test("a profile makes a node that others dial")
    func profile() async throws {
        let site = try TestSite("node")
        let other = try TestSite("other")
        try await site.trust(other, as: "other")
        try await other.trust(site, as: "node")
        let node = try await site.open()
        // Dialled in vain, and no hindrance to the first.
        let unused = try await TestProxy.open(to: 1)
        unused.cut()
        let profile = try Profile(
            yaml: """
                profile: test
                environment: server
                network:
                  handler: tls
                  listen: "127.0.0.1:0"
                  identity: \(other.identityPath)
                  trust: \(other.trustPath)
                  peers: ["node@127.0.0.1:\(node.address.port)", "node@127.0.0.1:\(unused.port)"]
                  envelope: 64 KiB
                time: { handler: system }
                random: { handler: system }
                """
        )
        let registry = HandlerRegistry {
            TLSNetworkHandlers()
            SystemHandlers()
        }
        try await withAssembled(profile, registry) { effects, _ in
            try await node.waitForPeers(1)
            #expect(effects.network.localPeer == other.peer)
            #expect(effects.network.capabilities.limit(.envelopeBytes) == 65_536)
            try await node.send(Envelope(channel: "c", payload: [1]), to: other.peer)
            var incoming = effects.network.incoming("c").makeAsyncIterator()
            #expect(try await incoming.next()?.sender == site.peer)
        }
        await unused.close()
        await node.close()
    }

    @Test(
        "settings that cannot be meant are refused by name",
        arguments: [
            ("listen", HandlerSettings.Value.string("nowhere")), ("peers", .list(["a@b:1", "c"])),
            ("envelope", .byteCount(.gibibytes(2))), ("heartbeat", .duration(.zero)),
            ("idleTimeout", .duration(.seconds(9))),
        ]
    )
    func refusals(key: String, value: HandlerSettings.Value) {
        let error = #expect(throws: EffectError.self) {
            try TLSNetworkSettings.configuration(HandlerSettings([key: value]), .test)
        }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("'\(key)'") == true)
    }

    @Test("a folder that is not there says what to do")
    func missingFolders() async throws {
        let folder = try TestFolder()
        let configuration = TLSNetworkConfiguration(
            identity: "\(folder.path)/none",
            trust: "\(folder.path)/none",
            budget: .test
        )
        let error = await #expect(throws: EffectError.self) { try await TLSNetworkHandler.open(configuration, .test()) }
        #expect(error?.code == .notFound)
        #expect(error?.message.contains("aura identity create") == true)
    }

    @Test("an address that is taken says so")
    func takenAddress() async throws {
        let site = try TestSite("node")
        try await site.edit { _ in }
        let node = try await site.open()
        let port = node.address.port
        let error = await #expect(throws: EffectError.self) {
            try await site.open { $0.listen = PeerAddress(host: "127.0.0.1", port: port) }
        }
        #expect(error?.code == .unavailable)
        await node.close()
    }
}
#endif
