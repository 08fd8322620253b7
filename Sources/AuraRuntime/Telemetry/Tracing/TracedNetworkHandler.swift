public import AuraEffects
public import Instrumentation

/// A network handler whose outgoing envelopes carry the caller's service context in their headers.
///
/// The receiver continues the trace with ``withTraceContext(of:using:_:)``. It is a handler of its own because an interceptor
/// cannot change a call's arguments; put it outside the intercepted handler, where the caller's context is current, or
/// inside it, where that of ``TracingInterceptor``'s span is.
public struct TracedNetworkHandler: NetworkEffects, InterceptedHandler {
    /// The handler that sends.
    public let base: any NetworkEffects

    private let instrument: any Instrument

    /// Wraps a handler.
    ///
    /// - Parameters:
    ///   - base: The handler that sends.
    ///   - instrument: Writes the headers; by default the one that was bootstrapped.
    public init(_ base: any NetworkEffects, instrument: any Instrument = InstrumentationSystem.instrument) {
        self.base = base
        self.instrument = instrument
    }

    /// What the handler can do.
    public var capabilities: Capabilities { base.capabilities }

    /// The address of this node.
    public var localPeer: PeerID { base.localPeer }

    /// Sends a message with the current context.
    public func send(_ envelope: Envelope, to peer: PeerID) async throws(EffectError) {
        try await base.send(traced(envelope), to: peer)
    }

    /// Sends a message with the current context and waits for its reply.
    public func request(
        _ envelope: Envelope,
        to peer: PeerID,
        timeout: Duration
    ) async throws(EffectError) -> Envelope {
        try await base.request(traced(envelope), to: peer, timeout: timeout)
    }

    /// Answers a request with the current context.
    public func reply(_ response: Envelope, to request: Envelope) async throws(EffectError) {
        try await base.reply(traced(response), to: request)
    }

    /// The messages that arrive on a channel.
    public func incoming(_ channel: ChannelName) -> NetworkSequence<Envelope> { base.incoming(channel) }

    /// Connections that begin and end, from now on.
    public func events() -> NetworkSequence<PeerEvent> { base.events() }

    /// The peers that can be reached now.
    public func peers() async throws(EffectError) -> [PeerID] { try await base.peers() }

    private func traced(_ envelope: Envelope) -> Envelope {
        guard let context = InstrumentationContext.current else { return envelope }
        return envelope.carrying(context, using: instrument)
    }
}
