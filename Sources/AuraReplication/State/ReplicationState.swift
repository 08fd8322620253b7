internal import AuraEffects

/// What a replicator keeps in mind; every change is one call, made under its lock.
struct ReplicationState {
    /// The most peers that are kept in mind.
    static let mostPeers = 4096
    /// The most foreign origins that are kept in mind.
    private static let mostForeign = 65_536

    var queue: ExchangeQueue
    /// How many calls of `run` are under way.
    var runs = 0
    /// The origins whose entries some exchange is about to bring.
    private(set) var claimed: Set<OriginID> = []
    /// Origins that peers have brought entries of.
    private(set) var foreign: Set<OriginID> = []
    private(set) var peers: [PeerID: PeerRecord] = [:]

    init(mostExchanges: Int) {
        queue = ExchangeQueue(mostActive: mostExchanges)
    }
}

// Claims: no two exchanges bring the same entries.
extension ReplicationState {
    /// Takes those of the origins that no other exchange has.
    mutating func claim(_ heads: some Sequence<OriginHead>) -> [OriginHead] {
        heads.filter { claimed.insert($0.origin).inserted }
    }

    mutating func release(_ heads: [OriginHead]) {
        for head in heads { claimed.remove(head.origin) }
    }
}

// Foreign origins: a journal does not know which one is its own.
extension ReplicationState {
    /// Takes note of origins that a peer has brought entries of.
    mutating func noteForeign(_ origins: Set<OriginID>) {
        if foreign.count > Self.mostForeign { foreign = [] }
        foreign.formUnion(origins)
    }
}

// Peers.
extension ReplicationState {
    /// Changes what is known of a peer; where too many are known, one without a quarantine is forgotten for it.
    mutating func update<Value>(_ peer: PeerID, _ change: (inout PeerRecord) -> Value) -> Value {
        if peers[peer] == nil, peers.count >= Self.mostPeers {
            let unneeded = peers.filter { $0.value.quarantines.isEmpty }.keys
            if let forgotten = unneeded.min() ?? peers.keys.min() { peers[forgotten] = nil }
        }
        return change(&peers[peer, default: PeerRecord()])
    }

    /// Whether an origin is left out of the exchange with a peer at a moment.
    func isQuarantined(_ origin: OriginID, with peer: PeerID, at moment: MonotonicInstant) -> Bool {
        guard let quarantine = peers[peer]?.quarantines[origin] else { return false }
        return moment < quarantine.end
    }

    /// Leaves an origin out.
    ///
    /// - Returns: Whether it was not left out before.
    mutating func quarantine(_ origin: QuarantinedOrigin, until end: MonotonicInstant) -> Bool {
        update(origin.peer) { record in
            if record.quarantines[origin.origin]?.origin.reason == origin.reason {
                record.quarantines[origin.origin]?.end = end
                return false
            }
            record.quarantines[origin.origin] = PeerRecord.Quarantine(origin: origin, end: end)
            return true
        }
    }

    /// Takes origins in again.
    ///
    /// - Returns: Those that were left out before, for `reason` where it is given.
    mutating func endQuarantines(
        of origins: [OriginID],
        with peer: PeerID,
        _ reason: QuarantinedOrigin.Reason?
    ) -> [OriginID] {
        guard let quarantines = peers[peer]?.quarantines, !quarantines.isEmpty else { return [] }
        let ended = origins.filter { origin in
            quarantines[origin].map { reason == nil || $0.origin.reason == reason } ?? false
        }
        for origin in ended { peers[peer]?.quarantines[origin] = nil }
        return ended
    }

    var status: ReplicationStatus {
        let sorted = peers.sorted { $0.key < $1.key }
        let peers = sorted.map { peer, record in
            ReplicationStatus.Peer(
                peer: peer,
                lastSuccess: record.lastSuccess,
                lastFailure: record.lastFailure,
                missing: record.missing,
                unsent: record.unsent,
                received: record.received,
                sent: record.sent
            )
        }
        return ReplicationStatus(peers: peers, quarantined: sorted.flatMap(\.value.quarantined))
    }
}
