#if TLSNetwork
internal import AuraEffects
@testable internal import AuraTLSNetwork
internal import COpenSSL
internal import Foundation
internal import Testing

/// A node, a peer that it trusts and that keeps no rule, and one that keeps them all: whatever the first does, the node goes on
/// serving the second.
@Suite("Peers that misbehave", .timeLimit(.minutes(5)))
struct PeerFaultTests {
    private let log = LogCollector()
    private let site: TestSite
    private let rogue: TestSite
    private let friend: TestSite

    init() async throws {
        site = try TestSite("node")
        rogue = try TestSite("rogue")
        friend = try TestSite("friend")
        try await site.trust(rogue, as: "rogue")
        try await site.trust(friend, as: "friend")
        try await friend.trust(site, as: "node")
    }

    private func open(
        _ timeout: WritableKeyPath<TLSNetworkConfiguration, Duration>,
        _ duration: Duration
    ) async throws -> TLSNetworkHandler {
        try await site.open(logger: log.logger) { configuration in
            // Long, but for the one that a test is about.
            configuration.frameTimeout = .seconds(60)
            configuration.handshakeTimeout = .seconds(60)
            configuration.heartbeat = .milliseconds(100)
            configuration.idleTimeout = .seconds(60)
            configuration.envelope = .kibibytes(64)
            configuration[keyPath: timeout] = duration
        }
    }

    /// Runs a misbehaviour on a node, of which one time-out may be short, expects the log to tell of it, and a friend to be
    /// served as before.
    private func check(
        logging texts: String,
        shortening timeout: WritableKeyPath<TLSNetworkConfiguration, Duration> = \.idleTimeout,
        to duration: Duration = .seconds(60),
        _ misbehave: (TLSNetworkHandler) async throws -> Void
    ) async throws {
        let node = try await open(timeout, duration)
        let other = try await friend.open(listen: false, peers: [node.address]) { $0.heartbeat = .milliseconds(100) }
        try await other.waitForPeers(1)
        let echo = Task {
            for try await request in node.incoming("echo") { try await node.reply(request, to: request) }
        }
        defer { echo.cancel() }
        try await misbehave(node)
        try await log.wait(for: texts)
        let reply = try await other.request(
            Envelope(channel: "echo", payload: [7]),
            to: node.localPeer,
            timeout: .seconds(60)
        )
        #expect(reply.payload == [7])
        // The log tells of a peer that is cut right before it is gone.
        try await node.waitForPeers(1)
        #expect(try await node.peers() == [friend.peer])
        await other.close()
        await node.close()
    }

    @Test("a peer that stalls amid a frame is cut after the time-out of a frame")
    func stall() async throws {
        try await check(logging: "a frame did not end in time", shortening: \.frameTimeout, to: .seconds(1)) { node in
            let peer = try RawPeer(port: node.address.port, as: rogue.identity)
            try await peer.join()
            let bytes = try FrameTests.bytes(.message(Envelope(channel: "c", payload: [1, 2, 3])))
            await peer.send(bytes.dropLast())
            let start = ContinuousClock.now
            #expect(try await peer.waitUntilClosed())
            #expect(start.duration(to: .now) < .seconds(30))
        }
    }

    @Test("a peer that drips bytes is cut, though it is never silent")
    func drip() async throws {
        try await check(logging: "a frame did not end in time", shortening: \.frameTimeout, to: .seconds(1)) { node in
            let peer = try RawPeer(port: node.address.port, as: rogue.identity)
            try await peer.join()
            let bytes = try FrameTests.bytes(
                .message(Envelope(channel: "c", payload: [UInt8](repeating: 0, count: 1000)))
            )
            var sent = 0
            while sent < bytes.count, await peer.send([bytes[sent]]) {
                sent += 1
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(sent < bytes.count, "it took \(sent) bytes, one each 20 ms")
        }
    }

    @Test("a length of 4 GiB ends the connection before anything is reserved")
    func hugeLength() async throws {
        try await check(logging: "longer than the limit") { node in
            let peer = try RawPeer(port: node.address.port, as: rogue.identity)
            try await peer.join()
            await peer.send([0xff, 0xff, 0xff, 0xff, 2, 0, 0, 4])
            #expect(try await peer.waitUntilClosed())
        }
    }

    @Test("a peer that vanishes without a word is disconnected")
    func vanish() async throws {
        try await check(logging: "the peer closed the connection") { node in
            let peer = try RawPeer(port: node.address.port, as: rogue.identity)
            let events = node.events()
            try await peer.join()
            await peer.vanish()
            var iterator = events.makeAsyncIterator()
            var last: PeerEvent?
            while last != .disconnected(rogue.peer) { last = try await iterator.next() }
        }
    }

    @Test("a peer that falls silent is taken for gone")
    func silence() async throws {
        try await check(logging: "nothing came from the peer in time", shortening: \.idleTimeout, to: .seconds(10)) {
            node in
            let peer = try RawPeer(port: node.address.port, as: rogue.identity)
            try await peer.join()
            #expect(try await peer.waitUntilClosed())
        }
    }

    @Test("a flood is stopped by the credit of its channel, and what was within the credit arrives")
    func flood() async throws {
        try await check(logging: "without credit") { node in
            let peer = try RawPeer(port: node.address.port, as: rogue.identity)
            try await peer.join()
            let frame = try FrameTests.bytes(
                .message(Envelope(channel: "flood", payload: [UInt8](repeating: 5, count: 8192)))
            )
            var sent = 0
            while sent < 10_000, await peer.send(frame) { sent += 1 }
            #expect(sent < 10_000, "nobody stopped the flood")
            try await log.wait(for: "without credit")
            var iterator = node.incoming("flood").makeAsyncIterator()
            let window = TLSNetworkConfiguration.window(of: .test).bytes
            for _ in 0..<(window / (8192 + 256 + 5)) { #expect(try await iterator.next()?.payload.count == 8192) }
        }
    }

    @Test("a peer that only ever changes its keys is cut")
    func keyUpdates() async throws {
        try await check(logging: "the peer changes its keys without end") { node in
            let peer = try RawPeer(port: node.address.port, as: rogue.identity)
            try await peer.join()
            _ = await peer.demandNewKeys(times: 1000)
            #expect(try await peer.waitUntilClosed())
        }
    }

    @Test("a second hello is a broken rule")
    func secondHello() async throws {
        try await check(logging: "a second hello") { node in
            let peer = try RawPeer(port: node.address.port, as: rogue.identity)
            try await peer.join()
            try await peer.send(.hello(RawPeer.hello()))
            var arrival = try await peer.receive()
            while arrival == .frame(.heartbeat) { arrival = try await peer.receive() }
            #expect(arrival == .frame(.goodbye(.violation)))
            #expect(try await peer.waitUntilClosed())
        }
    }

    @Test("credit that was not used is a broken rule")
    func inventedCredit() async throws {
        try await check(logging: "credit for a channel that nothing was sent on") { node in
            let peer = try RawPeer(port: node.address.port, as: rogue.identity)
            try await peer.join()
            try await peer.send(.credit("c", .max))
            #expect(try await peer.waitUntilClosed())
        }
    }

    @Test("more channels than allowed end the connection")
    func manyChannels() async throws {
        try await check(logging: "messages came on more than") { node in
            let peer = try RawPeer(port: node.address.port, as: rogue.identity)
            try await peer.join()
            for number in 0...4096 {
                try await peer.send(.message(Envelope(channel: ChannelName(rawValue: "c\(number)"), payload: [])))
            }
            #expect(try await peer.waitUntilClosed())
        }
    }

    @Test("a client that speaks TLS 1.2 at most is refused")
    func downgrade() async throws {
        try await check(logging: "unsupported protocol") { node in
            let peer = try RawPeer(port: node.address.port, as: rogue.identity, version: TLS1_2_VERSION)
            #expect(try await peer.handshake() == false)
        }
    }

    @Test("a client without a certificate is refused")
    func noCertificate() async throws {
        try await check(logging: "peer did not return a certificate") { node in
            let peer = try RawPeer(port: node.address.port, as: nil)
            _ = try await peer.handshake()
            #expect(try await peer.waitUntilClosed())
        }
    }

    @Test("who speaks no TLS is refused")
    func noTLS() async throws {
        try await check(logging: "the handshake failed") { node in
            let socket = try RawPeer.connect(to: node.address.port)
            defer { close(socket) }
            unsafe _ = send(socket, "GET / HTTP/1.1\r\n\r\n", 18, Int32(MSG_NOSIGNAL))
            #expect(try await RawPeer.waitUntilClosed(socket))
        }
    }

    @Test("who connects and says nothing is cut after the time-out of a handshake")
    func silentConnection() async throws {
        try await check(logging: "it was not ready in time", shortening: \.handshakeTimeout, to: .seconds(2)) { node in
            let socket = try RawPeer.connect(to: node.address.port)
            defer { close(socket) }
            #expect(try await RawPeer.waitUntilClosed(socket))
        }
    }

    @Test("connections that are never made keep nobody else out once they are timed out")
    func manyHandshakes() async throws {
        try await check(logging: "it was not ready in time", shortening: \.handshakeTimeout, to: .seconds(2)) { node in
            let sockets = try (0..<300).map { _ in try RawPeer.connect(to: node.address.port) }
            defer { for socket in sockets { close(socket) } }
            try await log.wait(for: "it was not ready in time")
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    @Test("connections that are never made keep nobody out: a new one takes the place of the oldest")
    func newcomer() async throws {
        let node = try await site.open(logger: log.logger) { $0.handshakeTimeout = .seconds(600) }
        let sockets = try (0..<300).map { _ in try RawPeer.connect(to: node.address.port) }
        defer { for socket in sockets { close(socket) } }
        #expect(try await RawPeer.waitUntilClosed(sockets[0]))
        let newcomer = try await friend.open(listen: false, peers: [node.address])
        try await newcomer.waitForPeers(1)
        #expect(try await newcomer.peers() == [site.peer])
        #expect(node.core.withState { $0.arriving.count } <= 256)
        await newcomer.close()
        await node.close()
    }
}
#endif
