internal import AuraEffects

/// A batch that a peer sent, checked as far as that needs no journal.
struct FetchedBatch: Sendable {
    /// The entries, whose links were checked; the first one stands as if it were compacted where its payload is deferred.
    var batch: JournalBatch
    var deferredByteCount: Int?
    /// The wanted origins whose chains fork.
    var forkedOrigins: [OriginID]
    /// The runs that are wanted after the batch.
    var following: WantedRuns
    /// How many bytes the message had.
    var byteCount: Int
}

/// Asks a peer for the next batch of some runs.
struct BatchFetch {
    let core: ReplicationCore
    let peer: PeerID

    /// Asks for entries, and refuses what was not asked for or was altered.
    func callAsFunction(_ wanted: WantedRuns) async throws(EffectError) -> FetchedBatch {
        let request = PullRequest(
            heads: wanted.heads,
            batchBytes: core.limits.batchBytes,
            messageBytes: core.limits.messageBytes
        )
        let (reply, byteCount) = try await PeerClient(core: core, peer: peer).entries(request)
        return try checked(reply, byteCount, after: wanted)
    }

    /// Refuses a batch that does not go on certain runs, or was altered.
    func checked(_ reply: EntryBatch, _ byteCount: Int, after wanted: WantedRuns) throws(EffectError) -> FetchedBatch {
        var following = wanted
        for origin in reply.forkedOrigins {
            guard following.remove(origin) != nil else { throw unasked("names a fork of origin \(origin)") }
        }
        let batch = try checked(reply, &following)
        return FetchedBatch(
            batch: batch,
            deferredByteCount: reply.deferredByteCount,
            forkedOrigins: reply.forkedOrigins,
            following: following,
            byteCount: byteCount
        )
    }

    /// Sees that each entry is the next one of its run and follows from the one before it.
    private func checked(_ reply: EntryBatch, _ runs: inout WantedRuns) throws(EffectError) -> JournalBatch {
        var begun: Set<OriginID> = []
        for entry in reply.entries {
            guard let head = runs[entry.origin], entry.sequence == head.sequence + 1 else {
                throw unasked("sent entry \(entry.sequence) of origin \(entry.origin)")
            }
            // The links within the batch are checked below.
            if begun.insert(entry.origin).inserted, !entry.extends(head.hash) { throw altered(entry) }
            runs.advance(entry)
        }
        let batch = JournalBatch(entries: reply.entries, hasMore: reply.hasMore).checkingLinks()
        if let index = batch.brokenLink { throw altered(batch.entries[index]) }
        return batch
    }

    private func unasked(_ what: String) -> EffectError {
        core.error(.corrupted, peer, "\(what), which it was not asked for. Nothing of its reply was merged.")
    }

    private func altered(_ entry: JournalEntry) -> EffectError {
        core.alteredEntry(entry, peer)
    }
}

extension ReplicationCore {
    /// The error of an entry that is not as its origin wrote it; the origin is left out from now on.
    func alteredEntry(_ entry: JournalEntry, _ peer: PeerID) -> EffectError {
        let error = error(
            .corrupted,
            peer,
            "sent entry \(entry.sequence) of origin \(entry.origin) altered: its hash does not follow from its contents and "
                + "the entry before it. Nothing of the reply was merged. Verify the peer's journal."
        )
        quarantine(entry.origin, with: peer, .altered, error.message)
        return error
    }
}
