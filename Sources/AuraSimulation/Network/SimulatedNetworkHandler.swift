public import AuraEffects
internal import AuraRuntime

/// One peer of a ``SimulatedNetwork``.
public final class SimulatedNetworkHandler: NetworkEffects {
    /// The name in profiles.
    public static let technology = "simulated"

    /// What every peer of a simulated network declares.
    public static let capabilities = Capabilities(
        [.verifiedSender],
        limits: [.envelopeBytes: ByteCount.mebibytes(1).bytes]
    )

    private static let envelopeBytes = capabilities.limit(.envelopeBytes)

    /// The address of this peer.
    public let localPeer: PeerID

    private let network: SimulatedNetwork
    private let peer: Int
    private let life: UInt64
    private let errors = SimulatedNetworkState.errors

    init(_ name: PeerID, peer: Int, life: UInt64, network: SimulatedNetwork) {
        localPeer = name
        self.peer = peer
        self.life = life
        self.network = network
    }

    /// Senders are who they say they are: the network knows them.
    public var capabilities: Capabilities { Self.capabilities }

    /// Leaves the network: ends every sequence and every connection.
    public func stop() {
        network.withState { state, now in state.stop(peer, life, now) }
    }

    /// Sends a message and waits until there is room for it at the receiver; it arrives later.
    public func send(_ envelope: Envelope, to receiver: PeerID) async throws(EffectError) {
        try await begin("send")
        try check(envelope, in: "send")
        let waiting = try network.withState { state, now throws(EffectError) in
            try state.send(envelope, to: receiver, from: peer, life, now)
        }
        guard let waiting else { return }
        let result = await waiting.value(orWhenCancelled: .failure(errors.cancelled(in: "send")))
        if case .failure = result {
            network.withState { state, _ in state.withdraw(waiting, from: envelope.channel, of: receiver) }
        }
        try result.get()
    }

    /// Sends a message and waits for its reply; the network's own clock measures the time.
    public func request(
        _ envelope: Envelope,
        to receiver: PeerID,
        timeout: Duration
    ) async throws(EffectError) -> Envelope {
        try await begin("request")
        try check(envelope, in: "request")
        let request = try network.withState { state, now throws(EffectError) in
            try state.request(envelope, to: receiver, timeout: timeout, from: peer, life, now)
        }
        var cancelled = errors.cancelled(in: "request")
        cancelled.outcome = .unknown
        var result = await request.answer.value(orWhenCancelled: .failure(cancelled))
        if case .failure(let error) = result, error.code == .cancelled {
            let wasTaken = network.withState { state, now in state.abandon(request: request.number, now) }
            if !wasTaken { result = .failure(errors.cancelled(in: "request")) }
        }
        return try result.get()
    }

    /// Answers a request.
    public func reply(_ response: Envelope, to request: Envelope) async throws(EffectError) {
        try await begin("reply")
        try check(response, in: "reply")
        try network.withState { state, now throws(EffectError) in
            try state.reply(response, to: request, from: peer, life, now)
        }
    }

    /// The messages that arrive on a channel.
    public func incoming(_ channel: ChannelName) -> NetworkSequence<Envelope> {
        NetworkSequence { [self] () throws(EffectError) in
            if network.hasCrashed(life) { try await neverGoOn("incoming") }
            let arrival = NetworkMailbox.Arrival()
            network.withState { state, now in
                if state.isAlive(peer, life) {
                    state.receive(arrival, channel, peer, now)
                } else {
                    arrival.resolve(.success(nil))
                }
            }
            let result = await arrival.value(orWhenCancelled: .failure(errors.cancelled(in: "incoming")))
            if case .failure = result {
                network.withState { state, _ in state.withdraw(arrival, from: channel, of: peer) }
            }
            return try result.get()
        }
    }

    /// Connections that begin and end, from now on.
    public func events() -> NetworkSequence<PeerEvent> {
        let queue = PeerEventQueue()
        network.withState { state, _ in
            state.isAlive(peer, life) ? state.observe(queue, at: peer) : queue.finish()
        }
        return NetworkSequence { [self] () throws(EffectError) in
            if network.hasCrashed(life) { try await neverGoOn("events") }
            return try await queue.next(cancelled: errors.cancelled(in: "events"))
        }
    }

    /// The peers that can be reached now as far as this one knows, in the order of their names.
    public func peers() async throws(EffectError) -> [PeerID] {
        try await begin("peers")
        return network.withState { state, _ in state.isAlive(peer, life) ? state.reachable(from: peer) : [] }
    }
}

extension SimulatedNetworkHandler {
    private func begin(_ operation: String) async throws(EffectError) {
        try errors.checkCancellation(in: operation)
        if network.hasCrashed(life) { try await neverGoOn(operation) }
    }

    /// What a call of a process comes to that is not there any more.
    private func neverGoOn(_ operation: String) async throws(EffectError) {
        await OneShot<Void>().value(orWhenCancelled: ())
        throw errors.cancelled(in: operation)
    }

    private func check(_ envelope: Envelope, in operation: String) throws(EffectError) {
        guard envelope.payload.count > Self.envelopeBytes else { return }
        let message =
            "The payload has \(envelope.payload.count) bytes: the most is \(Self.envelopeBytes). Send it in parts."
        throw errors.error(.invalidArgument, in: operation, message)
    }
}
