// @Effect("network")
/// Messages between peers.
///
/// A connection delivers an ordered prefix of what was sent over it. Messages are lost only together with a disconnection,
/// which both sides learn of through ``events()``. Buffers are bounded: a sender waits while its receiver's is full.
public protocol NetworkEffects: EffectHandler {
    /// The address of this node.
    var localPeer: PeerID { get }

    // @Operation(resource: "peer")
    /// Sends a message and waits until the connection has taken it.
    ///
    /// - Parameters:
    ///   - envelope: The message.
    ///   - peer: The receiver.
    /// - Throws: ``EffectError``: `unavailable` where the peer cannot be reached, never a hang; `invalidArgument` for a
    ///   payload beyond the declared limit; `cancelled`.
    func send(_ envelope: Envelope, to peer: PeerID) async throws(EffectError)

    // @Operation(resource: "peer")
    /// Sends a message and waits for its reply.
    ///
    /// - Parameters:
    ///   - envelope: The message.
    ///   - peer: The receiver.
    ///   - timeout: How long to wait for the reply.
    /// - Returns: The reply.
    /// - Throws: What ``send(_:to:)`` throws; `deadlineExceeded` with outcome `unknown` where no reply came in time;
    ///   `unavailable` with outcome `unknown` where the connection ended first.
    func request(_ envelope: Envelope, to peer: PeerID, timeout: Duration) async throws(EffectError) -> Envelope

    // @Operation(resource: "request")
    /// Answers a request.
    ///
    /// - Parameters:
    ///   - response: The reply; its channel is of no importance.
    ///   - request: The envelope that arrived, with its reply token.
    /// - Throws: `invalidArgument` where `request` is not one that waits for a reply (any more); `unavailable`.
    func reply(_ response: Envelope, to request: Envelope) async throws(EffectError)

    // @Operation(resource: "channel")
    /// The messages that arrive on a channel.
    ///
    /// Messages are kept for a channel, within the bounded buffer, before its first consumer comes.
    ///
    /// - Parameter channel: The channel.
    /// - Returns: The messages in the order of their arrival, without end.
    func incoming(_ channel: ChannelName) -> NetworkSequence<Envelope>

    /// Connections that begin and end, from now on.
    func events() -> NetworkSequence<PeerEvent>

    // @Operation(.idempotent)
    /// The peers that can be reached now, in the order of their names.
    func peers() async throws(EffectError) -> [PeerID]
}
