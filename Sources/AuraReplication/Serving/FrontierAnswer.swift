internal import AuraEffects
internal import AuraRuntime

/// Tells a peer how far this journal is, and takes note of what the peer has beyond it.
struct FrontierAnswer {
    let core: ReplicationCore
    let peer: PeerID

    func reply(to theirs: FrontierPage) async throws(EffectError) -> [UInt8] {
        let mine = try await core.journal.frontier()
        let comparison = FrontierComparison(mine: mine, theirs: theirs)
        comparison.note(in: core, with: peer)
        let missing = comparison.ahead.filter { !core.isQuarantined($0.origin, with: peer) }
        if !missing.isEmpty, core.withState({ $0.runs > 0 }) {
            core.withState { $0.queue.add(peer, heads: missing) }
            core.queueChanges.notify()
        }
        guard !comparison.isEqual else { return ReplicationReply.encoded(.same) }
        let page = FrontierPage(
            of: mine.sortedHeads,
            after: theirs.after,
            through: theirs.through,
            limit: ReplicationProtocol.headCount(in: core.limits.messageBytes)
        )
        return ReplicationReply.encoded(.page(page))
    }
}
