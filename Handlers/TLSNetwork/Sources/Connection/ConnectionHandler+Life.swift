#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime
internal import Logging
internal import NIOCore
internal import OpenSSLSupport

/// What came of dialling.
enum DialOutcome: Sendable {
    /// The connection serves.
    case serves(PeerID)
    /// Another connection to this peer does.
    case duplicate(PeerID)
    /// There is none, for this reason.
    case failed(String)

    /// Who has answered there; `nil` where nobody did whom this side trusts.
    var peer: PeerID? {
        switch self {
        case .serves(let peer), .duplicate(let peer): peer
        case .failed: nil
        }
    }
}

// How a connection begins and ends.
extension ConnectionHandler {
    /// TLS's handshake is done: the peer is known and trusted.
    func secured() throws(TLSFailure) {
        guard let connection, let peer = session.peer?.certificate.fingerprint.peer else { return }
        self.peer = peer
        // Trust may have changed since the handshake began.
        let current = core.currentContext
        if current !== session.context, case .refused(let refusal) = current.judge(session.peer, dialledAt: address) {
            throw TLSFailure(refusal)
        }
        guard address != nil else { return }
        switch core.withState({ $0.greet(peer, over: connection) }) {
        case .hello(let hello): try say(.hello(hello))
        case .goodbye(let reason): leave(reason)
        }
    }

    /// The peer has said hello.
    func heard(_ hello: Hello) {
        guard let connection, let peer else { return }
        if address != nil {
            guard core.withState({ $0.settle(hello, of: peer, over: connection) }) else { return leave(.duplicate) }
            return opened()
        }
        let (greeting, loser) = core.withState { $0.answer(hello, of: peer, over: connection) }
        loser?.leave(.duplicate)
        switch greeting {
        case .hello(let hello):
            do throws(TLSFailure) {
                try say(.hello(hello))
                opened()
            } catch {
                cut(error.description)
            }
        case .goodbye(let reason): leave(reason)
        }
    }

    private func opened() {
        guard let connection, let peer else { return }
        settled(connection)
        state.opened(at: core.time.monotonicNow)
        outcome?.resolve(.serves(peer))
        core.logger.debug("connected", metadata: ["peer": "\(peer)", "resumed": "\(session.isResumed)"])
        flush()
    }

    /// The peer says that it is leaving: everything it sent has come.
    func heardGoodbye(_ reason: GoodbyeReason) {
        deliver()
        if reason == .duplicate, let peer { outcome?.resolve(.duplicate(peer)) }
        finish("the peer said goodbye: \(reason)")
        closeGracefully()
    }

    /// The peer has closed its side.
    func closedByPeer() {
        deliver()
        finish("the peer closed the connection")
        closeGracefully()
    }

    /// Says goodbye behind what was taken, and ends the connection once it has arrived.
    func leave(_ reason: GoodbyeReason) {
        guard let connection, state.phase != .closing else { return }
        guard let peer else { return cut("the node stops") }
        if reason == .duplicate { outcome?.resolve(.duplicate(peer)) }
        let rest = core.withState { $0.farewell(connection, peer) }
        state.closing(at: core.time.monotonicNow)
        settled(connection)
        // What found no room finds none any more: the peer's goodbye is behind it.
        deliver()
        do throws(TLSFailure) {
            try send(rest)
            try say(.goodbye(reason))
            session.close()
            sendOutgoing()
        } catch {
            cut(error.description)
        }
    }

    /// Ends the connection at once.
    func cut(_ reason: String) {
        let channel = channel
        finish(reason)
        channel?.close(promise: nil)
    }

    /// Ends the connection of a peer that broke the protocol.
    func violated(_ violation: FrameViolation) {
        security(.integrityViolation, "A peer broke the protocol and is disconnected: \(violation).")
        try? say(.goodbye(.violation))
        cut(violation.description)
    }

    /// Ends the connection of a peer that did not prove who it is, or failed to shake hands.
    func refuse(_ failure: TLSFailure) {
        if failure.isRefusal {
            security(.authenticationFailed, "A peer is refused: \(failure).")
        }
        // Whole frames may have come before it failed.
        deliver()
        // The alert tells the peer why.
        sendOutgoing()
        cut(failure.description)
    }

    /// Judges the peer again.
    func judge(by context: TLSContext) {
        guard let shown = session.peer, state.phase == .greeting || state.phase == .open,
            case .refused(let refusal) = context.judge(shown, dialledAt: address)
        else { return }
        security(.authenticationFailed, "A connected peer is not trusted any more: \(refusal).")
        try? say(.goodbye(.untrusted))
        cut(refusal.description)
    }

    /// Ends the connection if something is overdue, and shows a silent peer that this side is there.
    func look() {
        let now = core.time.monotonicNow
        if let overdue = state.overdue(at: now) { return cut(overdue) }
        // Where the socket takes nothing, what waits for it says as much.
        guard state.needsHeartbeat(at: now), channel?.isWritable ?? false else { return }
        do throws(TLSFailure) {
            try say(.heartbeat)
        } catch {
            cut(error.description)
        }
    }

    /// The connection serves no more, for whatever reason; the first one counts.
    func finish(_ reason: String) {
        guard let connection else { return }
        self.connection = nil
        settled(connection)
        // A server that refuses may have given a ticket before: it would only refuse it again.
        if peer != nil, !state.wasOpened { session.forgetTicket() }
        core.closed(connection, peer)
        outcome?.resolve(.failed(reason))
        core.logger.debug("disconnected", metadata: ["peer": "\(peer?.rawValue ?? "")", "reason": "\(reason)"])
    }

    private func closeGracefully() {
        session.close()
        sendOutgoing()
        channel?.close(promise: nil)
    }

    private func say(_ frame: Frame) throws(TLSFailure) {
        // None of the frames that a connection says by itself has a text, and so each fits.
        guard let outgoing = try? OutgoingFrame(frame) else { return }
        try send([outgoing])
    }

    private func security(_ kind: SecurityEvent.Kind, _ reason: String) {
        SecurityEvent(
            kind,
            effect: NetworkEffect.name,
            operation: "connect",
            handler: TLSNetworkHandler.technology,
            resource: peer?.rawValue ?? channel?.remoteAddress?.ipAddress ?? "",
            reason: reason
        )
        .log(to: core.logger)
    }
}
#endif
