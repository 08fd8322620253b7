#if TLSNetwork
internal import AuraEffects
@testable internal import AuraTLSNetwork
internal import OpenSSLSupport
internal import Testing

@Suite("The life of connections", .timeLimit(.minutes(1)))
struct LifeTests {
    private let first: TestSite
    private let second: TestSite

    init() async throws {
        first = try TestSite("first")
        second = try TestSite("second")
        try await first.trust(second, as: "second")
        try await second.trust(first, as: "first")
    }

    @Test("a node's address is its key's fingerprint, on both sides")
    func identity() async throws {
        let node = try await first.open()
        let other = try await second.open(listen: false, peers: [node.address])
        try await other.waitForPeers(1)
        try await node.waitForPeers(1)
        #expect(node.localPeer.rawValue == first.identity.fingerprint.text)
        #expect(try await other.peers() == [node.localPeer])
        #expect(try await node.peers() == [other.localPeer])
        await other.close()
        await node.close()
    }

    @Test("a peer that restarts is connected again, by whoever dials it")
    func restart() async throws {
        var node = try await first.open()
        let port = node.address.port
        let other = try await second.open(listen: false, peers: [node.address])
        try await other.waitForPeers(1)
        for round in 0..<3 {
            var events = other.events().makeAsyncIterator()
            await node.close()
            #expect(try await events.next() == .disconnected(first.peer))
            node = try await first.open { $0.listen = PeerAddress(host: "127.0.0.1", port: port) }
            #expect(try await events.next() == .connected(first.peer))
            try await other.send(Envelope(channel: "c", payload: [UInt8(round)]), to: first.peer)
            var incoming = node.incoming("c").makeAsyncIterator()
            #expect(try await incoming.next()?.payload == [UInt8(round)])
        }
        await other.close()
        await node.close()
    }

    @Test("a node that stops loses nothing that was taken")
    func drain() async throws {
        for round in 0..<5 {
            let node = try await first.open { $0.window = .mebibytes(4) }
            let other = try await second.open(listen: false, peers: [node.address]) { $0.outbox = .mebibytes(4) }
            try await other.waitForPeers(1)
            let payload = [UInt8](repeating: UInt8(round), count: 10_000)
            var taken = 0
            for _ in 0..<300 {
                try await other.send(Envelope(channel: "c", payload: payload), to: first.peer)
                taken += 1
            }
            await other.close()
            var incoming = node.incoming("c").makeAsyncIterator()
            for number in 0..<taken {
                let message = try await incoming.next()
                #expect(message?.payload == payload, "message \(number) of \(taken) in round \(round)")
            }
            await node.close()
        }
    }

    @Test("of two nodes that dial each other at once one connection stays, and nothing is lost")
    func simultaneous() async throws {
        for _ in 0..<10 {
            let left = try await first.open()
            let right = try await second.open()
            let events = (left.events(), right.events())
            left.connect(to: right.address)
            right.connect(to: left.address)
            async let sent: Void = Self.exchange(left, right)
            async let sentBack: Void = Self.exchange(right, left)
            _ = try await (sent, sentBack)
            // The loser is gone by now, or will be without anybody learning of it.
            try await Task.sleep(for: .milliseconds(50))
            await left.close()
            await right.close()
            var iterator = events.0.makeAsyncIterator()
            var seen: [PeerEvent] = []
            while let event = try await iterator.next() { seen.append(event) }
            #expect(seen == [.connected(second.peer), .disconnected(second.peer)])
            var other = events.1.makeAsyncIterator()
            seen = []
            while let event = try await other.next() { seen.append(event) }
            #expect(seen == [.connected(first.peer), .disconnected(first.peer)])
        }
    }

    /// Sends as soon as the other is connected, and expects all that the other sends.
    private static func exchange(_ node: TLSNetworkHandler, _ other: TLSNetworkHandler) async throws {
        try await node.waitForPeers(1)
        for number in UInt8(0)..<50 {
            try await node.send(Envelope(channel: "c", payload: [number]), to: other.localPeer)
        }
        var incoming = node.incoming("c").makeAsyncIterator()
        for number in UInt8(0)..<50 { #expect(try await incoming.next()?.payload == [number]) }
    }

    @Test("two addresses of one peer come to one connection, and the second takes over when the first fails")
    func twoAddresses() async throws {
        let node = try await first.open()
        let (one, two) = (
            try await TestProxy.open(to: node.address.port), try await TestProxy.open(to: node.address.port)
        )
        let addresses = [one, two].map { PeerAddress(peer: "first", host: "127.0.0.1", port: $0.port) }
        let other = try await second.open(listen: false, peers: addresses)
        try await other.waitForPeers(1)
        for way in [one, two] {
            way.cut()
            try await Task.sleep(for: .milliseconds(50))
            try await other.waitForPeers(1)
            try await other.send(Envelope(channel: "c", payload: [1]), to: first.peer)
            var incoming = node.incoming("c").makeAsyncIterator()
            #expect(try await incoming.next()?.payload == [1])
            way.mend()
        }
        await other.close()
        await node.close()
        await one.close()
        await two.close()
    }

    @Test("a silent connection stays, by heartbeats")
    func heartbeats() async throws {
        let node = try await first.open { configuration in
            configuration.heartbeat = .milliseconds(50)
            configuration.idleTimeout = .milliseconds(400)
        }
        let other = try await second.open(listen: false, peers: [node.address]) { configuration in
            configuration.heartbeat = .milliseconds(50)
            configuration.idleTimeout = .milliseconds(400)
        }
        try await other.waitForPeers(1)
        let events = other.events()
        try await Task.sleep(for: .seconds(2))
        await other.close()
        var iterator = events.makeAsyncIterator()
        // The first event is the end that this test brings about.
        #expect(try await iterator.next() == .disconnected(first.peer))
        #expect(try await iterator.next() == nil)
        await node.close()
    }

    @Test("many requests at once each get their reply")
    func manyRequests() async throws {
        let node = try await first.open()
        let other = try await second.open(listen: false, peers: [node.address])
        try await other.waitForPeers(1)
        let echo = Task { for try await request in node.incoming("q") { try await node.reply(request, to: request) } }
        defer { echo.cancel() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<500 {
                group.addTask {
                    let payload = [UInt8(number & 255), UInt8(number >> 8)]
                    let question = Envelope(channel: "q", payload: payload)
                    let reply = try await other.request(question, to: node.localPeer, timeout: .seconds(20))
                    #expect(reply.payload == payload)
                }
            }
            try await group.waitForAll()
        }
        await other.close()
        await node.close()
    }

    @Test("a channel whose peer takes smaller payloads refuses larger ones")
    func smallerPeer() async throws {
        let node = try await first.open { $0.envelope = .kibibytes(1) }
        let other = try await second.open(listen: false, peers: [node.address])
        try await other.waitForPeers(1)
        let large = Envelope(channel: "c", payload: [UInt8](repeating: 0, count: 1025))
        let error = await #expect(throws: EffectError.self) { try await other.send(large, to: first.peer) }
        #expect(error?.code == .invalidArgument)
        #expect(try await other.peers() == [first.peer])
        await other.close()
        await node.close()
    }
}
#endif
