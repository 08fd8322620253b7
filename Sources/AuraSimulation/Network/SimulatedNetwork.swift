public import AuraEffects
internal import Synchronization

/// In which direction something stands between a group of peers and others.
public enum LinkDirection: String, Sendable, Hashable, Codable {
    /// What the group sends and what it is sent.
    case both
    /// What the group sends.
    case outgoing
    /// What the group is sent.
    case incoming
}

/// A network that lives in virtual time: messages take as long as a seed says, and connections fail on command.
///
/// ```swift
/// let network = SimulatedNetwork(time: time, seed: 7, conditions: .rough)
/// let delivery = Task { await network.run() }
/// let alice = network.handler(for: PeerID("alice"))
/// let bob = network.handler(for: PeerID("bob"))
/// let partition = network.partition([PeerID("alice")], from: [PeerID("bob")])
/// network.end(partition)
/// ```
///
/// Whatever happens, the contract of ``NetworkEffects`` holds. The model is that of connections that repeat what gets lost
/// on the way, as TCP does:
///
/// - A connection is there as soon as two peers have joined, and each of its two ends keeps its own view of it. What is sent
///   over it arrives in order, each message after its latency and the time that the link's bandwidth takes for it.
/// - A message has a place in its receiver's bounded mailbox before it is under way; a sender waits for that place.
/// - A connection that ends by chance or by ``disconnect(_:_:)`` ends for both sides at once. What is under way, and what has
///   arrived and was not consumed, is lost. Both sides connect again when one of them sends something, or by
///   themselves after ``ConnectionSettings/reconnectDelay``.
/// - A partition holds messages back. If it ends early, they arrive late and nothing is lost. If it lasts, each side notices
///   on its own that it hears nothing, after ``ConnectionSettings/detectionDelay`` and up to half as much again, and closes
///   its end: one side may know up to half a delay before the other, and what the other sends until then is lost with the
///   disconnection that it learns of later.
/// - A partition in one direction holds back what one side sends. Messages the other way still arrive until either side
///   gives up: the one hears nothing, the other gets no receipts for what it sends, so both notice, as above.
///   Neither can connect before both directions are free.
/// - A peer that crashes tells nobody. Its own calls never return: they wait until their task is cancelled. The others
///   notice as above, or at once when a new handler joins under the same name, with empty mailboxes.
///
/// Deliveries happen while ``run()`` does. The same seed and the same calls at the same moments give the same deliveries;
/// every link draws from the seed by its own.
public final class SimulatedNetwork: Sendable {
    private let time: any TimeEffects
    private let timer: WakeTimer
    private let state: Mutex<SimulatedNetworkState>

    /// Creates a network without peers.
    ///
    /// - Parameters:
    ///   - time: The clock of the network, which also measures the time-outs of requests.
    ///   - seed: What latencies and failures are drawn from.
    ///   - conditions: What every link is like at first.
    ///   - settings: How connections behave.
    public init(
        time: any TimeEffects,
        seed: UInt64,
        conditions: LinkConditions = .calm,
        settings: ConnectionSettings = ConnectionSettings()
    ) {
        self.time = time
        timer = WakeTimer(time: time)
        state = Mutex(SimulatedNetworkState(seed: seed, settings: settings, conditions: conditions))
    }

    /// Delivers messages until the task is cancelled; once in a network's life.
    public func run() async {
        await timer.run { [self] now in
            state.withLock { state in
                state.advance(to: now)
                return state.nextMoment()
            }
        }
    }

    /// What the network has carried so far.
    public var counters: NetworkCounters { state.withLock { $0.counters } }

    // MARK: Peers

    /// Adds a peer, which connects to all others that it can reach.
    ///
    /// A handler that the name had before is dead from now on, as after ``crash(_:)``.
    ///
    /// - Parameter peer: The peer's address.
    /// - Returns: The peer's handler.
    public func handler(for peer: PeerID) -> SimulatedNetworkHandler {
        let (number, life) = withState { state, now in
            let number = state.number(of: peer)
            return (number, state.join(number, now))
        }
        return SimulatedNetworkHandler(peer, peer: number, life: life, network: self)
    }

    /// Ends a peer as the end of its process would; does nothing where it is not there.
    ///
    /// - Parameter peer: The peer's address, which ``handler(for:)`` brings back.
    public func crash(_ peer: PeerID) {
        withState { state, now in
            let number = state.number(of: peer)
            state.crash(number, now)
        }
    }

    // MARK: Links

    /// Ends the connection between two peers, which may connect again at once.
    public func disconnect(_ first: PeerID, _ second: PeerID) {
        withState { state, now in
            let numbers = (state.number(of: first), state.number(of: second))
            if let link = state.link(from: numbers.0, to: numbers.1) { state.disconnect(link, now) }
        }
    }

    /// Sets what one link is like, from now on and beneath every degradation.
    ///
    /// - Parameters:
    ///   - conditions: The conditions.
    ///   - sender: Whose messages the link carries.
    ///   - receiver: Who they are for.
    public func setConditions(_ conditions: LinkConditions, from sender: PeerID, to receiver: PeerID) {
        withState { state, _ in state.setConditions(conditions, from: sender, to: receiver) }
    }

    /// Holds back what a group of peers and others send to each other, until ``end(_:)`` or ``heal()``.
    ///
    /// Partitions add up: a link is free once the last one that concerns it has ended.
    ///
    /// - Parameters:
    ///   - group: The peers on one side, also such that join later.
    ///   - others: The peers on the other side.
    ///   - direction: Whose messages are held back.
    /// - Returns: What ends it.
    @discardableResult
    public func partition(
        _ group: Set<PeerID>,
        from others: Set<PeerID>,
        _ direction: LinkDirection = .both
    ) -> NetworkDisturbance {
        disturb(.partition, group, others, direction)
    }

    /// Makes the links between a group of peers and others worse, until ``end(_:)`` or ``heal()``.
    ///
    /// - Parameters:
    ///   - group: The peers on one side, also such that join later.
    ///   - others: The peers on the other side.
    ///   - degradation: What gets worse; degradations add up.
    ///   - direction: Whose messages are concerned.
    /// - Returns: What ends it.
    @discardableResult
    public func degrade(
        _ group: Set<PeerID>,
        and others: Set<PeerID>,
        by degradation: LinkDegradation,
        _ direction: LinkDirection = .both
    ) -> NetworkDisturbance {
        disturb(.degradation(degradation), group, others, direction)
    }

    /// Ends a partition or a degradation; does nothing where that has happened.
    public func end(_ disturbance: NetworkDisturbance) {
        withState { state, now in state.endDisturbance(disturbance.number, now) }
    }

    /// Ends every partition and every degradation.
    public func heal() {
        withState { state, now in state.endDisturbances(now) }
    }

    // MARK: State

    func hasCrashed(_ life: UInt64) -> Bool {
        state.withLock { $0.crashed.contains(life) }
    }

    func withState<Value: Sendable, Failure: Error>(
        _ body: (inout SimulatedNetworkState, MonotonicInstant) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let now = time.monotonicNow
        let (value, next) = try state.withLock { state throws(Failure) in
            let value = try body(&state, now)
            return (value, state.nextMoment())
        }
        if let next { timer.wake(at: next) }
        return value
    }

    private func disturb(
        _ effect: SimulatedNetworkState.Disturbance.Effect,
        _ group: Set<PeerID>,
        _ others: Set<PeerID>,
        _ direction: LinkDirection
    ) -> NetworkDisturbance {
        NetworkDisturbance(
            number: withState { state, now in state.disturb(effect, group, others, direction, now) }
        )
    }
}

/// A partition or a degradation that is under way on a ``SimulatedNetwork``.
public struct NetworkDisturbance: Sendable, Hashable {
    let number: UInt64
}
