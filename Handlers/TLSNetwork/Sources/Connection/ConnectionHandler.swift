#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
internal import Logging
internal import NIOCore
internal import OpenSSLSupport

/// A connection on its event loop: takes ciphertext from the channel, and frames out of what is in it, and the way back.
final class ConnectionHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let core: NetworkCore
    let session: TLSSession
    /// Where the peer was dialled; `nil` where it dialled.
    let address: PeerAddress?
    /// Resolved once the connection serves, or will never.
    let outcome: OneShot<DialOutcome>?
    var state: ConnectionState
    var peer: PeerID?
    var connection: Connection?
    var channel: (any Channel)?
    private var decoder: FrameDecoder
    private var packer = RecordPacker()
    /// What came and was not handed over.
    private var arrived: ArraySlice<Frame> = []
    private var isArriving: Bool
    /// The bytes that TLS has answered since the socket last took any.
    private var unreadAnswers = 0

    /// So many bytes of TLS's own answers may wait for a peer that does not read.
    private static let unreadAnswersLimit = 256 * 1024

    init(
        _ core: NetworkCore,
        dialling address: PeerAddress?,
        outcome: OneShot<DialOutcome>? = nil
    ) throws(TLSFailure) {
        self.core = core
        self.address = address
        self.outcome = outcome
        isArriving = address == nil
        session = try TLSSession(core.currentContext, dialling: address)
        state = ConnectionState(core.timeouts, at: core.time.monotonicNow)
        decoder = FrameDecoder(payloadLimit: core.configuration.envelope.bytes)
    }

    // MARK: The channel

    func channelActive(context: ChannelHandlerContext) {
        let connection = Connection(self, number: core.withState { $0.nextNumber() }, on: context.eventLoop)
        guard core.register(connection, isArriving: isArriving) else {
            isArriving = false
            outcome?.resolve(.failed("the node stops"))
            return context.close(promise: nil)
        }
        self.connection = connection
        channel = context.channel
        progress()
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        session.receive(unwrapInboundIn(data))
        progress()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        deliver()
        context.fireChannelReadComplete()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            unreadAnswers = 0
            flush()
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deliver()
        finish("the peer closed the connection")
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // Whole frames may have come before it failed.
        deliver()
        cut("the socket failed")
    }

    // MARK: What came

    /// Takes what can be taken of what came.
    private func progress() {
        guard connection != nil else { return }
        do {
            if state.phase == .securing {
                guard try session.handshake() else { return sendAnswers() }
                state.secured()
                try secured()
            }
            try read()
        } catch let failure as TLSFailure {
            refuse(failure)
        } catch let violation as FrameViolation {
            violated(violation)
        } catch {
            cut("\(error)")
        }
        sendAnswers()
    }

    private func read() throws {
        var count = 0
        let isClosed = try PlaintextScratch.withScratch { scratch in
            while connection != nil {
                let isPayload = decoder.missingPayloadBytes >= TLSSession.recordBytes
                switch isPayload ? try readPayload() : try scratch.read(session) {
                case .closed: return true
                case .wantsMore: return false
                case .bytes(let size):
                    var bytes = isPayload ? [] : scratch.bytes[..<size]
                    while let frame = try decoder.next(&bytes) {
                        count += 1
                        try take(frame)
                    }
                }
            }
            return false
        }
        let isAmid = decoder.isAmidFrame || session.isAmidRecord
        state.received(at: core.time.monotonicNow, frames: count, isAmidFrame: isAmid)
        if isClosed { closedByPeer() }
    }

    /// Decrypts a record that is part of a payload to where the payload is collected.
    private func readPayload() throws(TLSFailure) -> TLSSession.Reading {
        var reading = TLSSession.Reading.wantsMore
        try decoder.fillPayload(TLSSession.recordBytes) { output throws(TLSFailure) in
            reading = try session.read(into: &output)
        }
        return reading
    }

    private func take(_ frame: Frame) throws(FrameViolation) {
        try state.check(frame)
        switch frame {
        case .hello(let hello): heard(hello)
        case .goodbye(let reason): heardGoodbye(reason)
        case .heartbeat: break
        case .message, .request, .reply, .credit:
            if state.phase == .open { arrived.append(frame) }
        }
    }

    /// Hands over what came, and reads on once there was room for all of it.
    func deliver() {
        guard !arrived.isEmpty, let peer, let connection else { return }
        let frames = arrived
        arrived = []
        do throws(FrameViolation) {
            let now = core.time.monotonicNow
            let (rest, hasOutput) = try core.withState { state throws(FrameViolation) in
                try state.deliver(frames, from: peer, over: connection, at: now)
            }
            arrived = rest
            rest.isEmpty ? readOn() : pause()
            if hasOutput { flush() }
        } catch {
            violated(error)
        }
    }

    private func pause() {
        guard !state.isPaused else { return }
        state.paused()
        _ = channel?.setOption(.autoRead, value: false)
    }

    private func readOn() {
        guard state.isPaused else { return }
        state.resumed(at: core.time.monotonicNow)
        _ = channel?.setOption(.autoRead, value: true)
    }

    /// The connection is made, or has failed to be.
    func settled(_ connection: Connection) {
        guard isArriving else { return }
        isArriving = false
        core.arrived(connection)
    }

    // MARK: What goes

    /// Hands over what found no room before, and sends what is in the outbox.
    func wake() {
        deliver()
        flush()
    }

    /// Sends what is in the outbox, as long as the socket takes it.
    func flush() {
        guard let connection, let peer, let channel else { return }
        do throws(TLSFailure) {
            while channel.isWritable {
                let frames = core.withState { state in
                    guard state.links[peer]?.connection === connection else { return [OutgoingFrame]() }
                    return state.links[peer]?.takeOutbox() ?? []
                }
                guard !frames.isEmpty else { break }
                try send(frames)
            }
        } catch {
            cut(error.description)
        }
    }

    /// Encrypts frames and sends them at once.
    func send(_ frames: [OutgoingFrame]) throws(TLSFailure) {
        try packer.write(frames, to: session)
        state.sent(at: core.time.monotonicNow)
        sendOutgoing()
    }

    /// Sends what OpenSSL has left to be sent.
    func sendOutgoing() {
        guard let channel, let bytes = session.takeOutgoing() else { return }
        channel.writeAndFlush(bytes, promise: nil)
    }

    /// Sends what TLS answers to what came: a peer can ask for it without end, by updates of keys.
    private func sendAnswers() {
        guard let channel, let bytes = session.takeOutgoing() else { return }
        if !channel.isWritable { unreadAnswers += bytes.readableBytes }
        guard unreadAnswers <= Self.unreadAnswersLimit else { return cut("the peer does not read what it asks for") }
        channel.writeAndFlush(bytes, promise: nil)
    }
}
#endif
