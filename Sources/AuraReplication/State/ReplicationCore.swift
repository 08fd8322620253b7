internal import AuraEffects
internal import AuraRuntime
internal import Logging
internal import Synchronization

/// What all parts of a replicator share.
final class ReplicationCore: Sendable {
    static let operation = "replicate"

    let journal: any JournalEffects
    let network: any NetworkEffects
    let time: any TimeEffects
    let random: any RandomEffects
    let configuration: ReplicationConfiguration
    let limits: ReplicationLimits
    let logger: Logger
    let errors = HandlerErrors(JournalEffect.self, handler: "")
    let largeItem = LargeItemCache()
    let entrySize = EntrySize()

    /// Says that an exchange was added, or ended.
    let queueChanges = ChangeSignal()
    /// Says that claimed origins were released.
    let claimChanges = ChangeSignal()

    private let state: Mutex<ReplicationState>

    init(
        _ effects: EffectSystem,
        budget: ResourceBudget,
        configuration: ReplicationConfiguration,
        logger: Logger
    ) {
        journal = effects.journal
        network = effects.network
        time = effects.time
        random = effects.random
        self.configuration = configuration
        self.logger = logger
        limits = ReplicationLimits(budget: budget, network: effects.network, journal: effects.journal)
        state = Mutex(ReplicationState(mostExchanges: limits.mostExchanges))
    }

    func withState<Value: Sendable>(_ body: (inout ReplicationState) -> sending Value) -> Value {
        state.withLock { body(&$0) }
    }

    /// An error that names the peer.
    func error(_ code: EffectError.Code, _ peer: PeerID, _ message: String) -> EffectError {
        errors.error(code, in: Self.operation, "The peer \(HandlerErrors.quote(peer.rawValue)) \(message)")
    }

    /// Refuses journals and networks that cannot replicate.
    func checkCapabilities() throws(EffectError) {
        try errors.require(.replication, of: journal.capabilities, in: Self.operation)
        guard limits.messageBytes >= ReplicationProtocol.leastMessageBytes else {
            throw errors.error(
                .unsupported,
                in: Self.operation,
                "The network takes messages of \(limits.messageBytes) bytes: replication needs "
                    + "\(ReplicationProtocol.leastMessageBytes). Choose a network handler with a larger limit."
            )
        }
    }

    /// Whether the configuration lets a peer take part.
    func isAllowed(_ peer: PeerID) -> Bool {
        switch configuration.peers {
        case .reachable: true
        case .only(let peers): peers.contains(peer)
        }
    }
}

// Quarantine.
extension ReplicationCore {
    func isQuarantined(_ origin: OriginID, with peer: PeerID) -> Bool {
        let now = time.monotonicNow
        return withState { $0.isQuarantined(origin, with: peer, at: now) }
    }

    func quarantine(_ origin: OriginID, with peer: PeerID, _ reason: QuarantinedOrigin.Reason, _ message: String) {
        let found = QuarantinedOrigin(origin: origin, peer: peer, reason: reason, message: message, since: time.now)
        let end = time.monotonicNow.advanced(by: configuration.quarantine)
        guard withState({ $0.quarantine(found, until: end) }) else { return }
        logger.error(
            "An origin is left out of the exchange with a peer",
            metadata: [
                "origin": "\(origin)", "peer": "\(HandlerErrors.quote(peer.rawValue))", "reason": "\(reason.rawValue)",
                "cause": "\(message)",
            ]
        )
    }

    /// Takes origins in again.
    ///
    /// - Parameters:
    ///   - origins: The origins, in the order in which it is reported.
    ///   - peer: The peer.
    ///   - reason: Where given, only those that were left out for it.
    func endQuarantines(of origins: [OriginID], with peer: PeerID, _ reason: QuarantinedOrigin.Reason? = nil) {
        for origin in withState({ $0.endQuarantines(of: origins, with: peer, reason) }) {
            logger.notice(
                "An origin takes part in the exchange with a peer again",
                metadata: ["origin": "\(origin)", "peer": "\(HandlerErrors.quote(peer.rawValue))"]
            )
        }
    }
}
