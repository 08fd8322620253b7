internal import AuraEffects
internal import AuraRuntime

/// Chooses the entries that go to a peer beside the frontier, so that they need not be asked for: a few small ones that were
/// written here, where the peer is known to have what precedes them.
///
/// Entries that others brought are not pushed: their own node does that, and each would arrive from many sides.
struct PushChoice {
    /// So many entries are read at most to see whether they are small.
    private static let mostEntries = 64
    private static let mostBytes = ByteCount.kibibytes(64).bytes

    let core: ReplicationCore
    let peer: PeerID

    /// Chooses entries.
    ///
    /// - Parameters:
    ///   - page: The page of the frontier that they go beside.
    ///   - mine: The whole frontier.
    /// - Returns: The entries; `nil` where the peer is to ask for what it lacks.
    /// - Throws: ``EffectError`` of the journal.
    func batch(beside page: FrontierPage, _ mine: JournalFrontier) async throws(EffectError) -> EntryBatch? {
        let limit = core.entrySize.entryCount(in: Self.mostBytes, most: Self.mostEntries)
        guard page.after == nil, page.through == nil, let known = knownFrontier(beneath: mine, lacking: limit) else {
            return nil
        }
        let batch: JournalBatch
        do throws(EffectError) {
            batch = try await core.journal.entries(beyond: known, limit: limit)
        } catch {
            // The chain was forked since.
            guard error.code == .conflict else { throw error }
            return nil
        }
        let byteCount = batch.entries.reduce(0) { sum, entry in
            sum.clampedSum(entry.payload?.count ?? .max)
        }
        guard !batch.hasMore, !batch.entries.isEmpty, byteCount <= Self.mostBytes else { return nil }
        let entries = EntryBatch(entries: batch.entries)
        let size = ReplicationRequest.push(page, entries).encoded.count
        guard size <= core.limits.messageBytes else { return nil }
        core.withState { state in state.update(peer) { $0.note(sent: batch.entries, bytes: size) } }
        return entries
    }

    /// The frontier that the peer was last known to have reached, where it lacks only `limit` entries that were written here.
    private func knownFrontier(beneath mine: JournalFrontier, lacking limit: Int) -> JournalFrontier? {
        core.withState { state in
            guard let record = state.peers[peer], record.quarantines.isEmpty, let known = record.frontier else {
                return nil
            }
            var count = 0
            for (origin, head) in mine.heads where head.sequence > known.sequence(of: origin) {
                guard !state.foreign.contains(origin) else { return nil }
                count = count.clampedSum(Int(clamping: head.sequence - known.sequence(of: origin)))
            }
            return count > 0 && count <= limit ? known : nil
        }
    }
}
