#if TLSNetwork
internal import AuraEffects
@testable internal import AuraTLSNetwork
internal import OpenSSLSupport
internal import Testing

@Suite("The life of connections", .timeLimit(.minutes(5)))
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
            let other = try await second.open(listen: false, peers: [node.address]) { configuration in
                configuration.outbox = .mebibytes(4)
                configuration.drainTimeout = .seconds(60)
            }
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
        for (number, way) in [one, two].enumerated() {
            let message = Envelope(channel: "c", payload: [UInt8(number)])
            way.cut()
            // What is sent before the cut is noticed may be lost.
            let sending = Task {
                while !Task.isCancelled {
                    try? await other.send(message, to: first.peer)
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
            defer { sending.cancel() }
            var incoming = node.incoming("c").makeAsyncIterator()
            while try #require(try await incoming.next()).payload != message.payload {}
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
            configuration.heartbeat = .milliseconds(200)
            configuration.idleTimeout = .seconds(10)
        }
        let other = try await second.open(listen: false, peers: [node.address]) { configuration in
            configuration.heartbeat = .milliseconds(200)
            configuration.idleTimeout = .seconds(10)
        }
        try await other.waitForPeers(1)
        let events = other.events()
        try await Task.sleep(for: .seconds(12))
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
                    let reply = try await other.request(question, to: node.localPeer, timeout: .seconds(60))
                    #expect(reply.payload == payload)
                }
            }
            try await group.waitForAll()
        }
        await other.close()
        await node.close()
    }

    @Test("a reply that is too large for who asked is an error of who replies, who may reply otherwise")
    func largeReply() async throws {
        let node = try await first.open()
        let asking = try await second.open(listen: false, peers: [node.address]) { $0.envelope = .kibibytes(1) }
        try await asking.waitForPeers(1)
        async let reply = asking.request(
            Envelope(channel: "q", payload: []),
            to: first.peer,
            timeout: .seconds(60)
        )
        var incoming = node.incoming("q").makeAsyncIterator()
        let request = try #require(try await incoming.next())
        let large = Envelope(channel: "", payload: [UInt8](repeating: 0, count: 1025))
        let error = await #expect(throws: EffectError.self) { try await node.reply(large, to: request) }
        #expect(error?.code == .invalidArgument)
        #expect(error?.message.contains("the peer takes at most 1024") == true)
        try await node.reply(Envelope(channel: "", payload: [7]), to: request)
        let received = try await reply
        #expect(received.payload == [7])
        // It is answered now.
        await #expect(throws: EffectError.self) { try await node.reply(large, to: request) }
        await asking.close()
        await node.close()
    }

    @Test("a reply goes to the connection that asked, and to no later one of the same peer")
    func replyAfterReconnect() async throws {
        let node = try await first.open()
        let proxy = try await TestProxy.open(to: node.address.port)
        let address = PeerAddress(peer: "first", host: "127.0.0.1", port: proxy.port)
        let asking = try await second.open(listen: false, peers: [address])
        try await asking.waitForPeers(1)
        let question = Envelope(channel: "q", payload: [1])
        let lost = Task { try await asking.request(question, to: first.peer, timeout: .seconds(60)) }
        var incoming = node.incoming("q").makeAsyncIterator()
        let request = try #require(try await incoming.next())
        var events = asking.events().makeAsyncIterator()
        proxy.cut()
        #expect(try await events.next() == .disconnected(first.peer))
        await #expect(throws: EffectError.self) { _ = try await lost.value }
        try await node.waitForPeers(0)
        proxy.mend()
        try await node.waitForPeers(1)
        let error = await #expect(throws: EffectError.self) { try await node.reply(question, to: request) }
        #expect(error?.code == .invalidArgument)
        await asking.close()
        await node.close()
        await proxy.close()
    }

    @Test("of more unanswered requests than are kept the oldest are given up, and the others answered")
    func manyOpenRequests() async throws {
        let node = try await first.open { $0.requestLimit = 10 }
        let asking = try await second.open(listen: false, peers: [node.address])
        try await asking.waitForPeers(1)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                var incoming = node.incoming("q").makeAsyncIterator()
                var requests: [Envelope] = []
                while requests.count < 200, let request = try await incoming.next() { requests.append(request) }
                for request in requests.prefix(190) {
                    await #expect(throws: EffectError.self) { try await node.reply(request, to: request) }
                }
                for request in requests.suffix(10) { try await node.reply(request, to: request) }
                return false
            }
            for number in 0..<200 {
                group.addTask {
                    let question = Envelope(channel: "q", payload: [UInt8(number)])
                    let reply = try? await asking.request(question, to: first.peer, timeout: .seconds(60))
                    if let reply { #expect(reply.payload == [UInt8(number)]) }
                    return reply != nil
                }
            }
            var answered = 0
            while answered < 10, let isAnswered = try await group.next() { answered += isAnswered ? 1 : 0 }
            #expect(answered == 10)
            group.cancelAll()
        }
        #expect(node.core.withState { $0.openRequests.isEmpty })
        await asking.close()
        await node.close()
    }

    @Test(
        "who answers at an address is known by it, whoever else connects, and also where another address led there first"
    )
    func answering() async throws {
        let node = try await first.open()
        let decoy = try TestSite("decoy")
        try await decoy.trust(second, as: "second")
        try await second.trust(decoy, as: "decoy")
        let asking = try await second.open()
        let other = try await decoy.open(listen: false, peers: [asking.address])
        try await asking.waitForPeers(1)
        #expect(asking.peer(at: "127.0.0.1:\(node.address.port)") == nil)
        let proxy = try await TestProxy.open(to: node.address.port)
        for port in [node.address.port, proxy.port] {
            let address = "127.0.0.1:\(port)"
            #expect(try asking.dial(address) == nil)
            while asking.peer(at: address) == nil { try await Task.sleep(for: .milliseconds(5)) }
            #expect(asking.peer(at: address) == first.peer)
        }
        #expect(asking.peer(at: "no address") == nil)
        await other.close()
        await asking.close()
        await node.close()
        await proxy.close()
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
