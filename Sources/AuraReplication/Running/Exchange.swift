internal import AuraEffects
internal import Logging

/// One exchange with a peer: frontiers, then the entries that this journal lacks.
///
/// The peer learns what it lacks from this journal's frontier, and pulls it in its own time.
struct Exchange {
    let core: ReplicationCore
    let peer: PeerID

    /// Exchanges frontiers and pulls.
    func run() async throws(EffectError) -> PullSession.Result {
        try await pull(FrontierExchange(core: core, peer: peer).run().ahead)
    }

    /// Pulls what the peer said it has.
    func pull(_ heads: [OriginHead]) async throws(EffectError) -> PullSession.Result {
        guard !heads.isEmpty else {
            succeeded(missing: 0)
            return PullSession.Result()
        }
        let result = try await PullSession(core: core, peer: peer).run(heads)
        let mine = try await core.journal.frontier()
        succeeded(missing: mine.entriesMissing(to: heads))
        return result
    }

    private func succeeded(missing: Int) {
        let now = core.time.now
        core.withState { state in
            state.update(peer) { record in
                record.lastSuccess = now
                record.lastFailure = nil
                record.failures = 0
                record.notBefore = MonotonicInstant(nanoseconds: .min)
                record.missing = missing
            }
        }
    }

    /// Takes note of a failure: the peer is left alone for longer each time.
    func failed(_ error: EffectError) {
        let now = core.time.monotonicNow
        let interval = core.configuration.interval
        let failures = core.withState { state in
            state.update(peer) { record in
                record.lastFailure = error
                record.failures += 1
                let pause = (1 << min(record.failures, Self.mostDoublings)) - 2
                record.notBefore = now.advanced(by: interval * pause)
                return record.failures
            }
        }
        core.logger.log(
            level: failures == 1 ? .notice : .debug,
            "An exchange with a peer failed",
            metadata: ["peer": "\(peer)", "cause": "\(error)", "failures": "\(failures)"]
        )
    }

    /// The longest pause is of 14 intervals.
    private static let mostDoublings = 4
}
