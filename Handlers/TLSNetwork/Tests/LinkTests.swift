#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
@testable internal import AuraTLSNetwork
internal import NIOEmbedded
internal import OpenSSLSupport
internal import Testing

/// What waits to be sent over a connection, without one.
@Suite("What waits for a connection")
struct LinkTests {
    private let core: NetworkCore

    init() throws {
        let identity = try TestIdentity.make("node")
        let configuration = TLSNetworkConfiguration(identity: "", trust: "", budget: .test)
        let context = HandlerContext.test()
        let trust = try TrustStore(TrustFile())
        core = NetworkCore(configuration, try TLSContext(identity, trust, time: context.time), context)
    }

    private func link(window: UInt32, channels: UInt32) throws -> Link {
        let connection = Connection(try ConnectionHandler(core, dialling: nil), number: 1, on: EmbeddedEventLoop())
        let hello = Hello(instance: 1, serial: 1, payloadLimit: 1000, window: window, channelLimit: channels)
        return Link(connection, hello, window: 1000, outboxLimit: 1000)
    }

    private func frame(_ channel: ChannelName) throws -> OutgoingFrame {
        try OutgoingFrame(.message(Envelope(channel: channel, payload: [])))
    }

    @Test("senders that wait for credit and give up leave nothing behind")
    func withdrawn() throws {
        var link = try link(window: 1, channels: 10)
        #expect(try link.send(frame("c"), in: .channel("c")) == nil)
        for _ in 0..<100 {
            let admission = try #require(try link.send(frame("c"), in: .channel("c")))
            link.withdraw(admission, from: .channel("c"))
        }
        #expect(link.stalled.isEmpty)
        // Who still waits is admitted all the same, in the place of one that gave up.
        let first = try #require(try link.send(frame("c"), in: .channel("c")))
        let second = try #require(try link.send(frame("c"), in: .channel("c")))
        link.withdraw(first, from: .channel("c"))
        #expect(link.stalled == [.channel("c")])
        _ = link.takeOutbox()
        try link.addCredit(257, for: "c")
        #expect(link.takeOutbox().count == 1)
        #expect(!second.resolve(.success(())), "it was admitted")
    }

    @Test("replies use up none of the channels that the peer takes")
    func replies() throws {
        var link = try link(window: 1000, channels: 1)
        let reply = try OutgoingFrame(.reply(1, Envelope(channel: "", payload: [])))
        #expect(link.send(reply, in: .replies) == nil)
        #expect(link.hasRoom(for: "c"))
        #expect(try link.send(frame("c"), in: .channel("c")) == nil)
        #expect(link.hasRoom(for: "c") && !link.hasRoom(for: "d"))
    }

    @Test("the oldest of requests comes first, whichever were answered before, and answered ones are forgotten")
    func tokens() {
        var queue = TokenQueue()
        for token in UInt64(0)..<10_000 { queue.append(token) }
        for token in UInt64(1)..<9_990 { queue.remove(token) }
        #expect(queue.count == 11)
        #expect(queue.slots < 100)
        #expect(queue.popFirst() == 0)
        #expect(queue.popFirst() == 9_990)
        for token in queue.tokens { queue.remove(token) }
        #expect(queue.popFirst() == nil)
    }
}
#endif
