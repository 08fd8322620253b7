#if TLSNetwork
public import AuraEffects
internal import AuraRuntime

extension TLSNetworkHandler {
    /// Sends a message and waits until the connection has taken it.
    public func send(_ envelope: Envelope, to peer: PeerID) async throws(EffectError) {
        try NetworkErrors.errors.checkCancellation(in: "send")
        let frame = try frame(.message(envelope), envelope, in: "send")
        let lane = Link.LaneName.channel(envelope.channel)
        let (admission, flush) = try core.withState { state throws(EffectError) in
            try state.send(frame, in: lane, to: peer, operation: "send")
        }
        flush?.flush()
        if let admission { try await wait(for: admission, in: lane, to: peer, operation: "send") }
    }

    /// Sends a message and waits for its reply.
    public func request(
        _ envelope: Envelope,
        to peer: PeerID,
        timeout: Duration
    ) async throws(EffectError) -> Envelope {
        try NetworkErrors.errors.checkCancellation(in: "request")
        let number = core.withState { $0.nextNumber() }
        let frame = try frame(.request(number, timeout: timeout, envelope), envelope, in: "request")
        let answer = Link.Answer()
        let lane = Link.LaneName.channel(envelope.channel)
        let (admission, flush) = try core.withState { state throws(EffectError) in
            let sent = try state.send(frame, in: lane, to: peer, operation: "request")
            state.links[peer]?.answers[number] = answer
            return sent
        }
        flush?.flush()
        let entry = core.timer.schedule(at: core.time.monotonicNow.advanced(by: timeout)) { cause in
            let failure = cause == .stopped ? NetworkErrors.errors.stopped(in: "request") : NetworkErrors.late()
            // Where the request is over, these come too late and change nothing.
            if let admission { admission.resolve(.failure(failure)) }
            answer.resolve(.failure(failure.withOutcomeUnknown))
        }
        defer {
            core.timer.cancel(entry)
            core.withState { _ = $0.links[peer]?.answers.removeValue(forKey: number) }
        }
        if let admission { try await wait(for: admission, in: lane, to: peer, operation: "request") }
        let cancelled = NetworkErrors.errors.cancelled(in: "request").withOutcomeUnknown
        return try await answer.value(orWhenCancelled: .failure(cancelled)).get()
    }

    /// Answers a request.
    public func reply(_ response: Envelope, to request: Envelope) async throws(EffectError) {
        try NetworkErrors.errors.checkCancellation(in: "reply")
        let (_, open) = try core.withState { state throws(EffectError) in try state.openRequest(request) }
        let frame = try frame(.reply(open.number, response), response, in: "reply")
        let (admission, flush) = try core.withState { state throws(EffectError) in
            try state.answer(request, with: frame)
        }
        flush?.flush()
        if let admission { try await wait(for: admission, in: .replies, to: open.peer, operation: "reply") }
    }

    // MARK: Sending

    /// Waits until a connection has taken a frame.
    private func wait(
        for admission: Link.Admission,
        in lane: Link.LaneName,
        to peer: PeerID,
        operation: String
    ) async throws(EffectError) {
        let cancelled = NetworkErrors.errors.cancelled(in: operation)
        guard case .failure(let failure) = await admission.value(orWhenCancelled: .failure(cancelled)) else { return }
        core.withState { $0.links[peer]?.withdraw(admission, from: lane) }
        throw failure.of(operation)
    }

    private func frame(_ frame: Frame, _ envelope: Envelope, in operation: String) throws(EffectError) -> OutgoingFrame
    {
        let limit = core.configuration.envelope.bytes
        guard envelope.payload.count <= limit else {
            throw NetworkErrors.refusal(
                "The payload has \(envelope.payload.count) bytes: the most is \(limit). Send it in parts.",
                in: operation
            )
        }
        do throws(FrameViolation) {
            return try OutgoingFrame(frame)
        } catch {
            throw NetworkErrors.refusal("The envelope cannot be sent: \(error). Use shorter ones.", in: operation)
        }
    }
}
#endif
