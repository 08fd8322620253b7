internal import AuraEffects

/// Merges the batches that a peer sends, after it has asked for what did not fit into them.
struct BatchIntake {
    /// What became of a batch.
    struct Taken {
        /// The runs that are wanted after it.
        var wanted: WantedRuns
        /// How many entries were new.
        var added = 0
        /// How many bytes came in parts.
        var bytes = 0
        /// Whether all of the batch was taken, apart from origins that are quarantined now; otherwise the rest is to be
        /// asked for again.
        var isWhole = true
    }

    /// A payload goes away when its entry is compacted: once.
    private static let mostGone = 3

    let core: ReplicationCore
    let peer: PeerID
    /// How often a payload was gone when it was asked for.
    private var goneCount = 0
    /// What this journal's snapshots cover, as far as compacted entries came.
    private var coverage: [StreamName: [OriginID: UInt64]] = [:]

    init(core: ReplicationCore, peer: PeerID) {
        self.core = core
        self.peer = peer
    }

    /// Merges a batch, in pieces where what it refers to is large.
    ///
    /// - Parameters:
    ///   - fetched: The batch.
    ///   - wanted: The runs that it goes on; entries of other origins are dropped.
    /// - Returns: What became of it.
    /// - Throws: ``EffectError``; what was merged before stays.
    mutating func take(_ fetched: FetchedBatch, after wanted: WantedRuns) async throws(EffectError) -> Taken {
        var taken = Taken(wanted: wanted)
        let isWanted = { (entry: JournalEntry) in wanted[entry.origin] != nil }
        if fetched.batch.entries.allSatisfy({ $0.payload != nil && isWanted($0) }) {
            try await merge(fetched.batch, &taken)
            return taken
        }
        let parts = PartFetch(core: core, peer: peer)
        var piece = JournalBatch(entries: [])
        var pieceBytes = 0
        for (index, entry) in fetched.batch.entries.enumerated() {
            guard let head = taken.wanted[entry.origin] else { continue }
            var entry = entry
            if index == 0, let byteCount = fetched.deferredByteCount {
                guard let payload = try await parts.payload(of: entry, after: head, byteCount: byteCount) else {
                    try noteGone()
                    taken.isWhole = false
                    return taken
                }
                guard SHA256.hash(payload) == entry.payloadDigest else { throw core.alteredEntry(entry, peer) }
                entry.body = .payload(payload)
                pieceBytes += payload.count
            } else if entry.payload == nil, try await !isCovered(entry) {
                if let snapshot = try await parts.snapshot(of: entry.stream) {
                    coverage[entry.stream] = snapshot.covers
                    piece.snapshots.append(snapshot)
                    pieceBytes += snapshot.state.count
                }
            }
            piece.entries.append(entry)
            if pieceBytes >= core.limits.batchBytes {
                try await merge(piece, &taken)
                piece = JournalBatch(entries: [])
                taken.bytes += pieceBytes
                pieceBytes = 0
            }
        }
        try await merge(piece, &taken)
        taken.bytes += pieceBytes
        return taken
    }

    private mutating func noteGone() throws(EffectError) {
        goneCount += 1
        guard goneCount < Self.mostGone else {
            throw core.error(.unavailable, peer, "has a payload no longer that it said it has: try again.")
        }
    }

    /// Whether a snapshot that this journal has, or is about to merge, stands for a compacted entry.
    private mutating func isCovered(_ entry: JournalEntry) async throws(EffectError) -> Bool {
        if coverage[entry.stream] == nil {
            coverage[entry.stream] = try await core.journal.latestSnapshot(of: entry.stream)?.covers ?? [:]
        }
        return entry.sequence <= coverage[entry.stream]?[entry.origin] ?? 0
    }

    private func merge(_ batch: JournalBatch, _ taken: inout Taken) async throws(EffectError) {
        guard !batch.entries.isEmpty else { return }
        do throws(EffectError) {
            let receipt = try await core.journal.merge(batch)
            note(batch, added: receipt.added, &taken)
        } catch {
            guard error.isAboutContent else { throw error }
            try await mergeByOrigin(batch, &taken)
        }
    }

    /// Merges origin by origin, so that one that this journal cannot take keeps no other one away.
    private func mergeByOrigin(_ batch: JournalBatch, _ taken: inout Taken) async throws(EffectError) {
        for head in taken.wanted.heads {
            let entries = batch.entries.filter { $0.origin == head.origin }
            if entries.isEmpty { continue }
            let run = JournalBatch(entries: entries, snapshots: batch.snapshots)
            do throws(EffectError) {
                let receipt = try await core.journal.merge(run)
                note(run, added: receipt.added, &taken)
            } catch {
                guard error.isAboutContent else { throw error }
                taken.wanted.remove(head.origin)
                if error.code == .preconditionFailed, try await isBeyondFrontier(run.entries[0]) { continue }
                core.quarantine(head.origin, with: peer, error.quarantineReason, error.message)
            }
        }
    }

    /// Whether a run goes on after entries that the journal held back, and has let go of since: a later exchange begins anew.
    private func isBeyondFrontier(_ first: JournalEntry) async throws(EffectError) -> Bool {
        try await core.journal.frontier().sequence(of: first.origin) + 1 < first.sequence
    }

    private func note(_ batch: JournalBatch, added: Int, _ taken: inout Taken) {
        taken.added += added
        for entry in batch.entries { taken.wanted.advance(entry) }
        let origins = Set(batch.entries.map(\.origin))
        core.withState { state in
            state.update(peer) { $0.received += added }
            state.noteForeign(origins)
        }
        core.endQuarantines(of: origins.sorted(), with: peer)
    }
}

extension EffectError {
    /// Whether a journal refused a batch for what is in it, rather than because it cannot work now.
    fileprivate var isAboutContent: Bool {
        switch code {
        case .conflict, .preconditionFailed, .invalidArgument, .permissionDenied, .corrupted: true
        default: false
        }
    }

    fileprivate var quarantineReason: QuarantinedOrigin.Reason {
        switch code {
        case .conflict: .forked
        case .corrupted: .altered
        default: .refused
        }
    }
}
