internal import AuraEffects

/// Sends a peer the entries that it lacks, as many as it takes at once.
struct PullAnswer {
    let core: ReplicationCore
    let peer: PeerID

    func reply(to request: PullRequest) async throws(EffectError) -> [UInt8] {
        let mine = try await core.journal.frontier()
        var wanted: [OriginID: JournalFrontier.Head] = [:]
        var forked: [OriginID] = []
        for head in request.heads where mine.sequence(of: head.origin) > head.sequence {
            if isForked(head.origin) {
                forked.append(head.origin)
            } else {
                wanted[head.origin] = head.head
            }
        }
        let messageBytes = min(request.messageBytes, core.limits.messageBytes)
        let batchBytes = min(request.batchBytes, messageBytes)
        let page = try await entries(beyond: &wanted, forked: &forked, mine: mine, batchBytes: batchBytes)
        core.endQuarantines(of: wanted.keys.sorted(), with: peer, .forked)
        // Forks that find no room are found again when the peer asks for the rest.
        let forks = forked.sorted().prefix(messageBytes / 64)
        let capacity = min(batchBytes, page.entries.count * 512) + 1024
        var encoder = EntryEncoder(
            MessageWriter(.batch, capacity: capacity),
            forkedOrigins: Array(forks),
            messageBytes: messageBytes
        )
        var sent: [JournalEntry] = []
        // Others may have come in between the frontier and the page.
        for entry in page.entries where wanted[entry.origin] != nil {
            guard encoder.count == 0 || encoder.byteCount < batchBytes, encoder.append(entry) else { break }
            sent.append(entry)
        }
        let hasMore = page.hasMore || encoder.count < page.entries.count
        let reply = encoder.finish(hasMore: hasMore)
        core.entrySize.note(entries: sent.count, bytes: reply.count)
        core.withState { state in
            state.update(peer) { record in
                record.note(sent: sent, bytes: reply.count)
                let heads = sent.map { ($0.origin, JournalFrontier.Head(sequence: $0.sequence, hash: $0.hash)) }
                record.frontier?.heads.merge(heads) { _, sent in sent }
            }
        }
        return reply
    }

    /// Entries beyond the wanted heads; origins whose chains fork go from one list to the other.
    private func entries(
        beyond wanted: inout [OriginID: JournalFrontier.Head],
        forked: inout [OriginID],
        mine: JournalFrontier,
        batchBytes: Int
    ) async throws(EffectError) -> JournalBatch {
        guard !wanted.isEmpty else { return JournalBatch(entries: []) }
        let limit = core.entrySize.entryCount(in: batchBytes, most: core.limits.pageEntries)
        do throws(EffectError) {
            return try await core.journal.entries(beyond: mine.leavingOut(allBut: wanted), limit: limit)
        } catch {
            guard error.code == .conflict else { throw error }
            for (origin, head) in wanted.sorted(by: { $0.key < $1.key }) where try await isFork(origin, head, mine) {
                core.quarantineFork(of: origin, at: head.sequence, with: peer)
                wanted[origin] = nil
                forked.append(origin)
            }
            guard !wanted.isEmpty else { return JournalBatch(entries: []) }
            return try await core.journal.entries(beyond: mine.leavingOut(allBut: wanted), limit: limit)
        }
    }

    /// Whether the peer's head of one origin disagrees with this journal's entry.
    private func isFork(
        _ origin: OriginID,
        _ head: JournalFrontier.Head,
        _ mine: JournalFrontier
    ) async throws(EffectError) -> Bool {
        do throws(EffectError) {
            _ = try await core.journal.entries(beyond: mine.leavingOut(allBut: [origin: head]), limit: 1)
            return false
        } catch {
            guard error.code == .conflict else { throw error }
            return true
        }
    }

    private func isForked(_ origin: OriginID) -> Bool {
        let now = core.time.monotonicNow
        return core.withState { state in
            state.isQuarantined(origin, with: peer, at: now)
                && state.peers[peer]?.quarantines[origin]?.origin.reason == .forked
        }
    }
}

extension JournalFrontier {
    /// The frontier of a journal that lacks what lies beyond `wanted` and nothing else.
    ///
    /// A journal has nothing to send of an origin that the other one knows further.
    func leavingOut(allBut wanted: [OriginID: Head]) -> JournalFrontier {
        let beyondAll = Head(sequence: UInt64(Int64.max), hash: .zero)
        var heads = heads.mapValues { _ in beyondAll }
        for (origin, head) in wanted { heads[origin] = head.sequence == 0 ? nil : head }
        return JournalFrontier(heads)
    }
}
