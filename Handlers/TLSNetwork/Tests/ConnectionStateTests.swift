#if TLSNetwork
internal import AuraEffects
@testable internal import AuraTLSNetwork
internal import Testing

@Suite("How far a connection is")
struct ConnectionStateTests {
    private static let timeouts = ConnectionState.Timeouts(
        handshake: .seconds(10),
        heartbeat: .seconds(5),
        idle: .seconds(20),
        frame: .seconds(15),
        drain: .seconds(3)
    )

    private static func at(_ seconds: Int64) -> MonotonicInstant {
        MonotonicInstant(nanoseconds: seconds * 1_000_000_000)
    }

    private static func open() -> ConnectionState {
        var state = ConnectionState(timeouts, at: at(0))
        state.secured()
        state.opened(at: at(1))
        return state
    }

    @Test("a connection that is not ready in time is overdue, however far it is")
    func handshake() {
        var state = ConnectionState(Self.timeouts, at: Self.at(0))
        #expect(state.overdue(at: Self.at(9)) == nil)
        state.secured()
        #expect(state.overdue(at: Self.at(9)) == nil)
        #expect(state.overdue(at: Self.at(10)) != nil)
    }

    @Test("a frame is counted from its first byte, whatever comes of it")
    func frame() {
        var state = Self.open()
        for second in Int64(5)..<20 { state.received(at: Self.at(second), frames: 0, isAmidFrame: true) }
        #expect(state.overdue(at: Self.at(19)) == nil)
        #expect(state.overdue(at: Self.at(20)) == "a frame did not end in time")
        state.received(at: Self.at(20), frames: 1, isAmidFrame: true)
        #expect(state.overdue(at: Self.at(34)) == nil)
        #expect(state.overdue(at: Self.at(35)) == "a frame did not end in time")
        state.received(at: Self.at(36), frames: 1, isAmidFrame: false)
        #expect(state.overdue(at: Self.at(50)) == nil)
    }

    @Test("only whole frames show that a peer is there")
    func idle() {
        var state = Self.open()
        state.received(at: Self.at(10), frames: 1, isAmidFrame: false)
        #expect(state.overdue(at: Self.at(29)) == nil)
        #expect(state.overdue(at: Self.at(30)) == "nothing came from the peer in time")
    }

    @Test("a heartbeat is due after silence of this side alone")
    func heartbeat() {
        var state = Self.open()
        #expect(!state.needsHeartbeat(at: Self.at(4)))
        #expect(state.needsHeartbeat(at: Self.at(5)))
        state.sent(at: Self.at(5))
        state.received(at: Self.at(9), frames: 1, isAmidFrame: false)
        #expect(!state.needsHeartbeat(at: Self.at(9)))
        #expect(state.needsHeartbeat(at: Self.at(10)))
    }

    @Test("after its goodbye a connection has the time to drain, and no more")
    func closing() {
        var state = Self.open()
        state.closing(at: Self.at(5))
        state.closing(at: Self.at(7))
        #expect(!state.needsHeartbeat(at: Self.at(7)))
        #expect(state.overdue(at: Self.at(7)) == nil)
        #expect(state.overdue(at: Self.at(8)) != nil)
    }

    @Test("the first frame is a hello, and no other is")
    func order() throws {
        var state = ConnectionState(Self.timeouts, at: Self.at(0))
        state.secured()
        #expect(throws: FrameViolation.self) { try state.check(.heartbeat) }
        try state.check(.hello(RawPeer.hello()))
        state.opened(at: Self.at(1))
        try state.check(.heartbeat)
        #expect(throws: FrameViolation.self) { try state.check(.hello(RawPeer.hello())) }
    }
}
#endif
