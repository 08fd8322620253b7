public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// A network in one process: the peers that join it reach each other unless a test cuts their connection.
public final class MemoryNetwork: Sendable {
    let errors = HandlerErrors(NetworkEffect.self, handler: MemoryNetworkHandler.technology)
    private let state: Mutex<MemoryNetworkState>

    /// Creates a network without peers.
    ///
    /// - Parameter mailboxCapacity: The most messages that wait on a channel of a peer before senders wait too.
    public init(mailboxCapacity: Int = 64) {
        state = Mutex(MemoryNetworkState(mailboxCapacity: max(1, mailboxCapacity)))
    }

    /// Adds a peer, which connects to all others.
    ///
    /// - Parameters:
    ///   - peer: The peer's address.
    ///   - time: Measures the time-outs of its requests.
    /// - Returns: The peer's handler.
    /// - Throws: ``EffectError`` with `conflict` where the address is taken.
    public func join(_ peer: PeerID, time: any TimeEffects) throws(EffectError) -> MemoryNetworkHandler {
        guard state.withLock({ $0.add(peer) }) else {
            let message = "The address \(HandlerErrors.quote(peer.rawValue)) is taken: give each peer its own."
            throw errors.error(.conflict, in: "join", message)
        }
        return MemoryNetworkHandler(peer: peer, network: self, time: time)
    }

    /// Cuts the connection between two peers until ``connect(_:_:)`` or ``heal()``.
    ///
    /// Both learn of it; what was not delivered is lost.
    public func disconnect(_ first: PeerID, _ second: PeerID) {
        state.withLock { $0.disconnect(first, second, error: connectionEnded(in: "send")) }
    }

    /// Connects two peers again.
    public func connect(_ first: PeerID, _ second: PeerID) {
        state.withLock { $0.connect(first, second) }
    }

    /// Cuts every connection between a group of peers and the peers outside it.
    public func partition(_ group: Set<PeerID>) {
        state.withLock { state in
            for inside in group {
                for outside in state.peers where !group.contains(outside) {
                    state.disconnect(inside, outside, error: connectionEnded(in: "send"))
                }
            }
        }
    }

    /// Connects all peers again.
    public func heal() {
        state.withLock { $0.connectAll() }
    }

    func withState<Value, Failure: Error>(
        _ body: (inout MemoryNetworkState) throws(Failure) -> sending Value
    ) throws(Failure) -> sending Value {
        try state.withLock { state throws(Failure) in try body(&state) }
    }

    func remove(_ peer: PeerID) {
        state.withLock { $0.remove(peer, error: connectionEnded(in: "send")) }
    }

    private func connectionEnded(in operation: String) -> EffectError {
        errors.error(.unavailable, in: operation, "The connection ended: try again once the peer is connected.")
    }
}
