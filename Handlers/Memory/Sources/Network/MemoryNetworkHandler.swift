public import AuraEffects
internal import AuraRuntime

/// One peer of a ``MemoryNetwork``.
public final class MemoryNetworkHandler: NetworkEffects {
    /// The name in profiles.
    public static let technology = "memory"

    /// What every peer of a memory network declares.
    public static let capabilities = Capabilities(
        [.verifiedSender],
        limits: [.envelopeBytes: ByteCount.mebibytes(1).bytes]
    )

    private static let envelopeBytes = capabilities.limit(.envelopeBytes)

    /// The address of this peer.
    public let localPeer: PeerID

    private let network: MemoryNetwork
    private let time: any TimeEffects

    init(peer: PeerID, network: MemoryNetwork, time: any TimeEffects) {
        localPeer = peer
        self.network = network
        self.time = time
    }

    /// Senders are who they say they are: the network knows them.
    public var capabilities: Capabilities { Self.capabilities }

    /// Leaves the network: ends every sequence and every connection.
    public func stop() {
        network.remove(localPeer)
    }

    /// Sends a message and waits until the receiver's mailbox has taken it.
    public func send(_ envelope: Envelope, to peer: PeerID) async throws(EffectError) {
        try network.errors.checkCancellation(in: "send")
        try check(envelope, in: "send")
        try await admit(envelope, to: peer, Mailbox.Admission(), answer: nil, in: "send")
    }

    /// Sends a message and waits for its reply.
    public func request(
        _ envelope: Envelope,
        to peer: PeerID,
        timeout: Duration
    ) async throws(EffectError) -> Envelope {
        try network.errors.checkCancellation(in: "request")
        try check(envelope, in: "request")
        let admission = Mailbox.Admission()
        let answer = MemoryNetworkState.Answer()
        let deadline = time.monotonicNow.advanced(by: timeout)
        let result: Result<Envelope, EffectError> = await withTaskGroup(of: Void.self) { group in
            group.addTask { [time, network] in
                let failure: EffectError
                do throws(EffectError) {
                    try await time.sleep(until: deadline)
                    let message = "No reply came in time: ask again if the request may be repeated."
                    failure = network.errors.error(.deadlineExceeded, in: "request", message)
                } catch {
                    failure = error
                }
                // Where the request is over, these come too late and change nothing.
                admission.resolve(.failure(failure))
                answer.resolve(.failure(failure.withOutcomeUnknown))
            }
            defer { group.cancelAll() }
            do throws(EffectError) {
                return .success(try await exchange(envelope, with: peer, admission, answer))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private func exchange(
        _ envelope: Envelope,
        with peer: PeerID,
        _ admission: Mailbox.Admission,
        _ answer: MemoryNetworkState.Answer
    ) async throws(EffectError) -> Envelope {
        let token = try await admit(envelope, to: peer, admission, answer: answer, in: "request")
        let cancelled = network.errors.cancelled(in: "request").withOutcomeUnknown
        let result = await answer.value(orWhenCancelled: .failure(cancelled))
        if let token { network.withState { _ = $0.closeRequest(token, at: peer) } }
        return try result.get()
    }

    /// Answers a request.
    public func reply(_ response: Envelope, to request: Envelope) async throws(EffectError) {
        try network.errors.checkCancellation(in: "reply")
        try check(response, in: "reply")
        var response = response
        response.sender = localPeer
        response.replyToken = nil
        let answer = try network.withState { state throws(EffectError) -> MemoryNetworkState.Answer? in
            guard let token = request.replyToken, let sender = request.sender else { return nil }
            if let answer = state.closeRequest(token, at: localPeer) { return answer }
            try checkConnection(to: sender, state, in: "reply")
            return nil
        }
        guard let answer, answer.resolve(.success(response)) else {
            let message = "The envelope is not a request that waits for a reply, or does not wait any more."
            throw network.errors.error(.invalidArgument, in: "reply", message)
        }
    }

    /// The messages that arrive on a channel.
    public func incoming(_ channel: ChannelName) -> NetworkSequence<Envelope> {
        NetworkSequence { [network, localPeer] () throws(EffectError) in
            let arrival = Mailbox.Arrival()
            network.withState { state in
                if state.contains(localPeer) {
                    state.receive(channel, at: localPeer, arrival)
                } else {
                    arrival.resolve(.success(nil))
                }
            }
            let cancelled = network.errors.cancelled(in: "incoming")
            let result = await arrival.value(orWhenCancelled: .failure(cancelled))
            if case .failure = result {
                network.withState { $0.withdraw(arrival, from: channel, of: localPeer) }
            }
            return try result.get()
        }
    }

    /// Connections that begin and end, from now on.
    public func events() -> NetworkSequence<PeerEvent> {
        let queue = PeerEventQueue()
        network.withState { state in
            state.contains(localPeer) ? state.addEventQueue(queue, at: localPeer) : queue.finish()
        }
        return NetworkSequence { [network] () throws(EffectError) in
            try await queue.next(cancelled: network.errors.cancelled(in: "events"))
        }
    }

    /// The peers that can be reached now, in the order of their names.
    public func peers() async throws(EffectError) -> [PeerID] {
        try network.errors.checkCancellation(in: "peers")
        return network.withState { state in state.peers.filter { state.isConnected(localPeer, $0) } }
    }
}

extension MemoryNetworkHandler {
    /// Waits until the receiver's mailbox has taken a message; returns the token of a request.
    @discardableResult
    private func admit(
        _ envelope: Envelope,
        to peer: PeerID,
        _ admission: Mailbox.Admission,
        answer: MemoryNetworkState.Answer?,
        in operation: String
    ) async throws(EffectError) -> ReplyToken? {
        let token = try network.withState { state throws(EffectError) -> ReplyToken? in
            try checkConnection(to: peer, state, in: operation)
            var envelope = envelope
            envelope.sender = localPeer
            envelope.replyToken = answer.map { state.openRequest(from: localPeer, at: peer, $0) }
            state.send(envelope, to: peer, admission)
            return envelope.replyToken
        }
        let result = await admission.value(orWhenCancelled: .failure(network.errors.cancelled(in: operation)))
        if case .failure(var failure) = result {
            network.withState { state in
                state.withdraw(admission, from: envelope.channel, of: peer)
                if let token { state.closeRequest(token, at: peer) }
            }
            failure.operation = operation
            throw failure
        }
        return token
    }

    private func checkConnection(
        to peer: PeerID,
        _ state: MemoryNetworkState,
        in operation: String
    ) throws(EffectError) {
        guard state.contains(localPeer) else { throw network.errors.stopped(in: operation) }
        guard peer != localPeer else {
            let message = "The receiver is this peer itself: send to another."
            throw network.errors.error(.invalidArgument, in: operation, message)
        }
        guard state.isConnected(localPeer, peer) else {
            let message =
                "The peer \(HandlerErrors.quote(peer.rawValue)) cannot be reached: try again once it is connected."
            throw network.errors.error(.unavailable, in: operation, message)
        }
    }

    private func check(_ envelope: Envelope, in operation: String) throws(EffectError) {
        guard envelope.payload.count > Self.envelopeBytes else { return }
        let message =
            "The payload has \(envelope.payload.count) bytes: the most is \(Self.envelopeBytes). Send it in parts."
        throw network.errors.error(.invalidArgument, in: operation, message)
    }
}

extension EffectError {
    fileprivate var withOutcomeUnknown: EffectError {
        var copy = self
        copy.outcome = .unknown
        return copy
    }
}
