public import AuraEffects
public import AuraRuntime
public import Logging

/// Lets journals on different nodes converge: each brings in the entries that it lacks from its peers.
///
/// ```swift
/// let replicator = JournalReplicator(effects, budget: context.budget, logger: context.logger)
/// async let replication: Void = replicator.run()
/// ```
///
/// Peers tell one another how far their journals are and ask for what is missing, in batches that the budget sizes; a few
/// new entries go along unasked. While
/// one is merged the next one is asked for, and none beyond it, so a slow journal is never flooded. An exchange that was
/// cut off goes on where the last merge ended. It needs a journal with the capability ``Capability/replication`` and a network.
/// The protocol is described in `docs/replication-protocol.md`.
public final class JournalReplicator: Sendable {
    private let core: ReplicationCore

    /// Creates a replicator.
    ///
    /// - Parameters:
    ///   - effects: The system whose journal converges with others' over its network.
    ///   - budget: Sizes the batches.
    ///   - configuration: With whom, and how often.
    ///   - logger: Where failures and quarantined origins are reported.
    public init(
        _ effects: EffectSystem,
        budget: ResourceBudget,
        configuration: ReplicationConfiguration = ReplicationConfiguration(),
        logger: Logger
    ) {
        precondition(
            configuration.interval > .zero && configuration.requestTimeout > .zero && configuration.fanout >= 0,
            "A replicator has an interval and a timeout above zero, and a fanout that is not negative."
        )
        core = ReplicationCore(effects, budget: budget, configuration: configuration, logger: logger)
    }

    /// How the exchange with all peers stands.
    public var status: ReplicationStatus { core.withState { $0.status } }

    /// Answers peers and exchanges entries with them until the task is cancelled.
    ///
    /// A peer that cannot be reached, or fails, is tried again later.
    ///
    /// - Throws: ``EffectError``: `cancelled`; `unsupported` for a journal or a network that cannot replicate; what the
    ///   journal or the network fails with for good, such as `unavailable` once it is stopped.
    public func run() async throws(EffectError) {
        try core.checkCapabilities()
        core.withState { $0.runs += 1 }
        defer {
            core.withState { state in
                state.runs -= 1
                if state.runs == 0 { state.queue.removeAll() }
            }
        }
        let choice = PeerChoice(core: core)
        try await runUntilFirstEnds(
            servers + [
                ExchangeRunner(core: core), IntervalGossip(core: core, choice: choice),
                EntryGossip(core: core, choice: choice), ConnectionGossip(core: core, events: core.network.events()),
            ]
        )
    }

    /// Exchanges entries with one peer in both directions.
    ///
    /// The peer pulls while this node answers it, whether ``run()`` is under way or not.
    ///
    /// - Parameter peer: The peer, whose replicator runs.
    /// - Returns: What was exchanged.
    /// - Throws: ``EffectError``: `unavailable` or `deadlineExceeded` where the peer does not answer, `corrupted` where it
    ///   sends what no sound peer sends, `permissionDenied` where it refuses this node, what the journal throws, and
    ///   `cancelled`. What was merged before stays, and the next exchange goes on from there.
    @discardableResult
    public func synchronize(with peer: PeerID) async throws(EffectError) -> SynchronizationReport {
        try core.checkCapabilities()
        let synchronization = BothWays(core: core, peer: peer)
        if core.withState({ $0.runs > 0 }) { return try await synchronization.run() }
        let initiator = Initiator(synchronization: synchronization)
        try await runUntilFirstEnds(servers + [initiator])
        guard let report = initiator.report else { throw core.errors.stopped(in: ReplicationCore.operation) }
        return report
    }

    private var servers: [any Duty] {
        Array(repeating: RequestServer(core: core), count: core.limits.mostAnswers)
    }
}
