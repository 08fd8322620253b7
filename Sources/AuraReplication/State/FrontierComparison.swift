internal import AuraEffects

/// What two journals lack of one another within a range of origins.
struct FrontierComparison {
    /// The peer's heads beyond this journal's.
    private(set) var ahead: [OriginHead] = []
    /// How many entries of each origin the peer lacks.
    private(set) var unsent: [(origin: OriginID, count: Int)] = []
    /// The heads of one sequence that have different hashes.
    private(set) var forked: [OriginHead] = []
    /// The origins of which both have the same.
    private(set) var equal: [OriginID] = []
    /// The peer's frontier; `nil` where the comparison is of some origins only.
    private(set) var theirFrontier: JournalFrontier?
    /// The frontier of both journals once this one has what it lacks; `nil` where the peer lacks something, or the
    /// comparison is of some origins only.
    private(set) var equalFrontier: JournalFrontier?

    /// Compares this journal's heads with the peer's.
    init(mine: JournalFrontier, theirs: FrontierPage) {
        var rest = mine.heads
        for head in theirs.heads {
            let own = mine.head(of: head.origin)
            rest[head.origin] = nil
            if head.sequence > own.sequence {
                ahead.append(head)
            } else if head.sequence < own.sequence {
                unsent.append((head.origin, Int(clamping: own.sequence - head.sequence)))
            } else if head.hash != own.hash {
                forked.append(head)
            } else {
                equal.append(head.origin)
            }
        }
        for (origin, head) in rest where theirs.contains(origin) {
            unsent.append((origin, Int(clamping: head.sequence)))
        }
        guard theirs.after == nil, theirs.through == nil else { return }
        // Where both are equal they share their memory: many peers are kept in mind.
        theirFrontier =
            isEqual
            ? mine : JournalFrontier(Dictionary(uniqueKeysWithValues: theirs.heads.map { ($0.origin, $0.head) }))
        if unsent.isEmpty, forked.isEmpty {
            var both = mine
            for head in ahead { both.heads[head.origin] = head.head }
            equalFrontier = both
        }
    }

    /// Whether both have the same.
    var isEqual: Bool { ahead.isEmpty && unsent.isEmpty && forked.isEmpty }

    /// Takes note of the peer's state: leaves forked origins out, and takes those in again of which both have the same.
    func note(in core: ReplicationCore, with peer: PeerID) {
        core.withState { state in
            state.update(peer) { record in
                record.frontier = theirFrontier
                record.equalFrontier = equalFrontier
            }
        }
        for head in forked { core.quarantineFork(of: head.origin, at: head.sequence, with: peer) }
        core.endQuarantines(of: equal, with: peer)
    }
}

extension ReplicationCore {
    /// Leaves an origin out of which the peer has other entries than this journal.
    func quarantineFork(of origin: OriginID, at sequence: UInt64, with peer: PeerID) {
        quarantine(
            origin,
            with: peer,
            .forked,
            "The chain of origin \(origin) forks at or before sequence \(sequence): this journal and the peer's hold "
                + "different entries of it. Verify both, and let the copy adopt a new origin."
        )
    }
}

extension Int {
    /// The sum of two counts, cut at the largest: what a peer claims to have may be more.
    func clampedSum(_ other: Int) -> Int {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
