#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
@testable internal import AuraTLSNetwork
internal import COpenSSL
internal import NIOCore
internal import NIOEmbedded
internal import OpenSSLSupport
internal import Testing

/// A node's side of a connection without a socket, which fails when the test says so.
@Suite("A connection without a socket")
struct ConnectionFaultTests {
    private struct Broken: Error {}

    private let core: NetworkCore
    private let client: TLSSession

    init() throws {
        let (node, other) = (try TestIdentity.make("node"), try TestIdentity.make("other"))
        var file = TrustFile()
        for identity in [node, other] { try file.pin(identity.fingerprint, as: identity.certificate.name) }
        let trust = try TrustStore(file)
        let context = HandlerContext.test()
        let configuration = TLSNetworkConfiguration(identity: "", trust: "", budget: .test)
        core = NetworkCore(configuration, try TLSContext(node, trust, time: context.time), context)
        let address = PeerAddress(host: "127.0.0.1", port: 1)
        client = try TLSSession(TLSContext(other, trust, time: context.time), dialling: address)
    }

    /// A connection over which both sides have said hello.
    private func open() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.pipeline.syncOperations.addHandler(ConnectionHandler(core, dialling: nil))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        var isDone = false
        for _ in 0..<5 where !isDone {
            isDone = try client.handshake()
            if let bytes = client.takeOutgoing() { try channel.writeInbound(bytes) }
            while let bytes = try channel.readOutbound(as: ByteBuffer.self) { client.receive(bytes) }
        }
        try channel.writeInbound(try bytes(.hello(RawPeer.hello())))
        return channel
    }

    private func bytes(_ frames: Frame...) throws -> ByteBuffer {
        var packer = RecordPacker()
        try packer.write(frames.map { try OutgoingFrame($0) }, to: client)
        return try #require(client.takeOutgoing())
    }

    /// A peer that demands new keys so often, and what comes behind that.
    private func demandNewKeys(_ times: Int, then frames: Frame...) throws -> ByteBuffer {
        for _ in 0..<times {
            unsafe #expect(SSL_key_update(client.ssl, SSL_KEY_UPDATE_REQUESTED) == 1)
            unsafe #expect(SSL_do_handshake(client.ssl) == 1)
        }
        var packer = RecordPacker()
        try packer.write(frames.map { try OutgoingFrame($0) }, to: client)
        return try #require(client.takeOutgoing())
    }

    @Test("a peer may change its keys so often in a row and no oftener", arguments: [(32, true), (33, false)])
    func keyUpdates(inARow times: Int, isServed: Bool) throws {
        let channel = try open()
        for _ in 0..<10 {
            channel.pipeline.fireChannelRead(try demandNewKeys(times, then: .heartbeat))
            while let bytes = try channel.readOutbound(as: ByteBuffer.self) { client.receive(bytes) }
        }
        #expect(core.withState { $0.links.count } == (isServed ? 1 : 0))
        channel.embeddedEventLoop.run()
    }

    @Test("a peer that demands new keys and does not read the answers is cut")
    func unreadAnswers() throws {
        let channel = try open()
        channel.isWritable = false
        var rounds = 0
        while rounds < 1000, core.withState({ $0.links.count }) == 1 {
            channel.pipeline.fireChannelRead(try demandNewKeys(32, then: .heartbeat))
            rounds += 1
        }
        // An answer takes 27 bytes, of which 256 KiB may wait.
        #expect((200..<400).contains(rounds), "\(rounds) rounds")
        channel.embeddedEventLoop.run()
    }

    @Test("messages that came whole before the socket failed are delivered", arguments: [true, false])
    func delivered(isError: Bool) throws {
        let channel = try open()
        #expect(core.withState { $0.links.count } == 1)
        let messages = (UInt8(0)..<3).map { Frame.message(Envelope(channel: "c", payload: [$0])) }
        // The reading that brings them does not come to its end.
        channel.pipeline.fireChannelRead(try bytes(messages[0], messages[1], messages[2]))
        if isError {
            channel.pipeline.fireErrorCaught(Broken())
        } else {
            channel.pipeline.fireChannelInactive()
        }
        for number in UInt8(0)..<3 {
            let message = core.withState { $0.take("c") { IncomingMailbox.Arrival() }.envelope }
            #expect(message?.payload == [number])
        }
        #expect(core.withState { $0.links.isEmpty })
        channel.embeddedEventLoop.run()
    }
}
#endif
