internal import AuraEffects

/// Tells a peer how far this journal is, and learns how far the peer is.
struct FrontierExchange {
    let core: ReplicationCore
    let peer: PeerID

    /// What an exchange of frontiers found.
    struct Result {
        /// The peer's heads beyond this journal's, in the order of their origins.
        var ahead: [OriginHead] = []
        /// How many entries this journal lacks.
        var missing = 0
        /// How many entries the peer lacks.
        var unsent = 0
    }

    /// Of a peer that is further in more origins than these, the next exchange brings the others.
    private static let mostAhead = 65_536

    /// Exchanges frontiers, page by page where they do not fit into one message.
    func run() async throws(EffectError) -> Result {
        let client = PeerClient(core: core, peer: peer)
        let mine = try await core.journal.frontier()
        let heads = mine.sortedHeads
        var result = Result()
        var after: OriginID?
        repeat {
            let page = FrontierPage(
                of: heads,
                after: after,
                limit: ReplicationProtocol.headCount(in: core.limits.messageBytes)
            )
            let pushed = try await PushChoice(core: core, peer: peer).batch(beside: page, mine)
            switch try await client.frontier(page, pushing: pushed) {
            case .same:
                add(FrontierComparison(mine: mine, theirs: page), to: &result)
                after = page.through
            case .page(let theirs):
                add(FrontierComparison(mine: mine, theirs: theirs), to: &result)
                after = theirs.through
            }
        } while after != nil && result.ahead.count < Self.mostAhead
        result.missing = mine.entriesMissing(to: result.ahead)
        record(result)
        return result
    }

    private func add(_ comparison: FrontierComparison, to result: inout Result) {
        comparison.note(in: core, with: peer)
        result.ahead += comparison.ahead
        result.unsent += comparison.unsent.reduce(0) { sum, unsent in
            core.isQuarantined(unsent.origin, with: peer) ? sum : sum.clampedSum(unsent.count)
        }
    }

    private func record(_ result: Result) {
        core.withState { state in
            state.update(peer) { record in
                record.missing = result.missing
                record.unsent = result.unsent
            }
        }
    }
}
