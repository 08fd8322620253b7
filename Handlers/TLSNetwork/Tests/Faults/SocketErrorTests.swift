#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
@testable internal import AuraTLSNetwork
internal import NIOCore
internal import NIOEmbedded
internal import OpenSSLSupport
internal import Testing

/// A node's side of a connection without a socket, which fails when the test says so.
@Suite("A socket that fails")
struct SocketErrorTests {
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

    @Test("messages that came whole before it did are delivered", arguments: [true, false])
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
