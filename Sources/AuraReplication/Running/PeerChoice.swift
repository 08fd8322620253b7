internal import AuraEffects
internal import AuraRuntime
internal import Logging

/// Chooses the peers to exchange with.
struct PeerChoice {
    let core: ReplicationCore

    /// Adds exchanges with some of the peers, chosen at random, to the queue.
    ///
    /// Left alone are those that failed a short while ago.
    ///
    /// - Parameters:
    ///   - count: How many peers.
    ///   - frontier: Where given, peers that are known to have reached it are left alone too.
    /// - Throws: ``EffectError`` where the peers cannot be told, unless that passes.
    func beginExchanges(_ count: Int, lacking frontier: JournalFrontier? = nil) async throws(EffectError) {
        do throws(EffectError) {
            core.beginExchanges(with: chosen(count, among: try await peers(), lacking: frontier))
        } catch {
            try core.skip(error)
        }
    }

    private func chosen(_ count: Int, among peers: [PeerID], lacking frontier: JournalFrontier?) -> [PeerID] {
        let now = core.time.monotonicNow
        var candidates = core.withState { state in
            peers.filter { peer in
                guard let record = state.peers[peer] else { return true }
                return record.notBefore <= now && (frontier == nil || record.equalFrontier != frontier)
            }
        }
        guard candidates.count > count else { return candidates }
        var generator = core.random.generator
        candidates.shuffle(using: &generator)
        return Array(candidates.prefix(count))
    }

    private func peers() async throws(EffectError) -> [PeerID] {
        switch core.configuration.peers {
        case .reachable: try await core.network.peers()
        case .only(let peers): Set(peers).subtracting([core.network.localPeer]).sorted()
        }
    }
}

extension ReplicationCore {
    /// Adds exchanges to the queue.
    func beginExchanges(with peers: [PeerID]) {
        guard !peers.isEmpty else { return }
        withState { state in
            for peer in peers { state.queue.add(peer) }
        }
        queueChanges.notify()
    }

    /// About an interval: varied, so that nodes which started together do not go on together.
    func nextPause() -> Duration {
        var generator = random.generator
        return configuration.interval * Double.random(in: 0.75..<1.25, using: &generator)
    }

    /// Goes on after an error that passes.
    func skip(_ error: EffectError) throws(EffectError) {
        guard error.isRetryable else { throw error }
        logger.warning("Exchanges could not be begun", metadata: ["cause": "\(error)"])
    }
}
