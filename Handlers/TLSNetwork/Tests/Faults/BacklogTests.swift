#if TLSNetwork
internal import AuraEffects
@testable internal import AuraTLSNetwork
internal import OpenSSLSupport
internal import Testing

/// A node that keeps at most 64 KiB of each peer's messages for its consumers.
@Suite("Messages that nobody consumes", .timeLimit(.minutes(5)))
struct BacklogTests {
    private static let limit = 64 * 1024

    private let site: TestSite
    private let sender: TestSite
    private let friend: TestSite

    init() async throws {
        site = try TestSite("node")
        sender = try TestSite("sender")
        friend = try TestSite("friend")
        for other in [sender, friend] {
            try await site.trust(other, as: other.identity.certificate.name)
            try await other.trust(site, as: "node")
        }
    }

    private func open() async throws -> TLSNetworkHandler {
        try await site.open { configuration in
            configuration.backlog = ByteCount(bytes: Self.limit)
            configuration.heartbeat = .milliseconds(100)
            configuration.idleTimeout = .seconds(10)
        }
    }

    /// What waits for consumers of a peer's messages.
    private func backlog(of peer: PeerID, at node: TLSNetworkHandler) -> Int {
        node.core.withState { $0.backlogs[peer] ?? 0 }
    }

    @Test("a peer that connects again and again with ever new channels fills no memory, and others are served")
    func everNewChannels() async throws {
        let node = try await open()
        let other = try await friend.open(listen: false, peers: [node.address]) { $0.heartbeat = .milliseconds(100) }
        try await other.waitForPeers(1)
        let payload = [UInt8](repeating: 1, count: 1000)
        for round in 0..<10 {
            let peer = try RawPeer(port: node.address.port, as: sender.identity)
            try await peer.join()
            for number in 0..<40 {
                let channel = ChannelName(rawValue: "round-\(round)-\(number)")
                try await peer.send(.message(Envelope(channel: channel, payload: payload)))
            }
            // What it sent is taken, or waits in the socket: nothing more comes of it.
            try await Task.sleep(for: .milliseconds(100))
            await peer.vanish()
        }
        let kept = backlog(of: sender.peer, at: node)
        #expect((Self.limit / 2...Self.limit + 2000).contains(kept), "it keeps \(kept) bytes")
        let channels = node.core.withState { $0.mailboxes.count }
        #expect((30...Self.limit / 1000 + 1).contains(channels), "it keeps \(channels) channels")

        try await other.send(Envelope(channel: "honest", payload: [7]), to: node.localPeer)
        var honest = node.incoming("honest").makeAsyncIterator()
        #expect(try await honest.next()?.payload == [7])
        // Room is given back by what is consumed.
        var first = node.incoming("round-0-0").makeAsyncIterator()
        #expect(try await first.next()?.payload == payload)
        #expect(backlog(of: sender.peer, at: node) < kept)
        await other.close()
        await node.close()
    }

    @Test("what finds no room waits at its sender, and comes in order once there is some")
    func backpressure() async throws {
        let node = try await open()
        let other = try await sender.open(listen: false, peers: [node.address]) { $0.heartbeat = .milliseconds(100) }
        try await other.waitForPeers(1)
        let events = other.events()
        let channels = (0..<4).map { ChannelName(rawValue: "channel-\($0)") }
        for number in UInt8(0)..<20 {
            for channel in channels {
                let payload = [number] + [UInt8](repeating: 0, count: 3000)
                try await other.send(Envelope(channel: channel, payload: payload), to: node.localPeer)
            }
        }
        // Longer than the time after which a peer that nothing comes from is taken for gone.
        try await Task.sleep(for: .seconds(12))
        let kept = backlog(of: sender.peer, at: node)
        #expect((Self.limit...Self.limit + 4000).contains(kept), "it keeps \(kept) bytes")
        // In the order of sending: what fills the room has to go before more can come.
        var incoming = channels.map { node.incoming($0).makeAsyncIterator() }
        for number in UInt8(0)..<20 {
            for index in incoming.indices { #expect(try await incoming[index].next()?.payload.first == number) }
        }
        #expect(backlog(of: sender.peer, at: node) == 0)
        await other.close()
        var iterator = events.makeAsyncIterator()
        // The first event is the end that this test brings about.
        #expect(try await iterator.next() == .disconnected(site.peer))
        #expect(try await iterator.next() == nil)
        await node.close()
    }

    @Test("a channel without consumers does not use up a peer's room by reconnecting")
    func abandonedChannel() async throws {
        let node = try await site.open { configuration in
            configuration.window = .kibibytes(16)
            configuration.backlog = ByteCount(bytes: Self.limit)
        }
        for _ in 0..<10 {
            let other = try await sender.open(listen: false, peers: [node.address])
            try await other.waitForPeers(1)
            for _ in 0..<4 {
                let message = Envelope(channel: "abandoned", payload: [UInt8](repeating: 0, count: 4000))
                try await other.send(message, to: node.localPeer)
            }
            try await other.send(Envelope(channel: "used", payload: [7]), to: node.localPeer)
            var used = node.incoming("used").makeAsyncIterator()
            #expect(try await used.next()?.payload == [7])
            await other.close()
            try await node.waitForPeers(0)
        }
        #expect(backlog(of: sender.peer, at: node) < 2 * 16 * 1024 + 5000)
        await node.close()
    }
}
#endif
