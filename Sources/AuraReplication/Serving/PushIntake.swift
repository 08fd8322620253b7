internal import AuraEffects
internal import AuraRuntime
internal import Logging

/// Takes entries that a peer pushed.
struct PushIntake {
    let core: ReplicationCore
    let peer: PeerID

    /// Merges what goes on this journal's chains; whatever is not taken is pulled like all else.
    func take(_ pushed: EntryBatch) async {
        do throws(EffectError) {
            try await merge(pushed)
        } catch {
            core.logger.debug(
                "Pushed entries were not taken",
                metadata: ["peer": "\(HandlerErrors.quote(peer.rawValue))", "cause": "\(error)"]
            )
        }
    }

    private func merge(_ pushed: EntryBatch) async throws(EffectError) {
        // What does not fit is not pushed; a node that answers for the time of one exchange only takes nothing.
        guard core.withState({ $0.runs > 0 }), pushed.entries.allSatisfy({ $0.payload != nil }) else { return }
        let mine = try await core.journal.frontier()
        let heads = following(pushed, mine)
        let claimed = core.withState { $0.claim(heads) }
        guard !claimed.isEmpty else { return }
        defer {
            core.withState { $0.release(claimed) }
            core.claimChanges.notify()
        }
        let wanted = WantedRuns(claimed)
        let new = pushed.entries.filter { entry in
            wanted[entry.origin].map { entry.sequence > $0.sequence } ?? false
        }
        let batch = try BatchFetch(core: core, peer: peer).checked(EntryBatch(entries: new), 0, after: wanted)
        var intake = BatchIntake(core: core, peer: peer)
        _ = try await intake.take(batch, after: wanted)
    }

    /// This journal's heads that entries follow, in the order of their origins.
    private func following(_ pushed: EntryBatch, _ mine: JournalFrontier) -> [OriginHead] {
        let heads = pushed.entries.compactMap { entry -> OriginHead? in
            let head = mine.head(of: entry.origin)
            let follows = entry.sequence == head.sequence + 1 && entry.extends(head.hash)
            return follows && !core.isQuarantined(entry.origin, with: peer) ? head : nil
        }
        return heads.sorted { $0.origin < $1.origin }
    }
}
