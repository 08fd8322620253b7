internal import AuraEffects
internal import AuraRuntime

/// Pulls entries from a peer, batch by batch: the next one is asked for once the last one is merged.
struct PullSession {
    /// After so many batches other exchanges that wait for the same origins have their turn.
    private static let batchesPerTurn = 8

    /// What a session brought.
    struct Result: Sendable {
        var received = 0
        var receivedBytes = 0
        var batches = 0
    }

    let core: ReplicationCore
    let peer: PeerID

    /// Pulls what the peer has of some origins beyond this journal's frontier.
    ///
    /// - Parameter theirs: How far the peer said it is, in the order of the origins.
    /// - Returns: What came.
    /// - Throws: ``EffectError``; what was merged before stays.
    func run(_ theirs: [OriginHead]) async throws(EffectError) -> Result {
        var result = Result()
        var rest = theirs
        while true {
            let generation = core.claimChanges.generation
            var mine = try await core.journal.frontier()
            rest = missing(rest, mine)
            if rest.isEmpty { return result }
            let candidates = rest.prefix(ReplicationProtocol.headCount(in: core.limits.messageBytes))
            let claimed = core.withState { $0.claim(candidates) }
            if claimed.isEmpty {
                try await core.claimChanges.wait(beyond: generation)
                continue
            }
            defer {
                core.withState { $0.release(claimed) }
                core.claimChanges.notify()
            }
            // Another exchange may have brought some of it before its claims ended.
            if core.claimChanges.generation != generation { mine = try await core.journal.frontier() }
            let wanted = missing(claimed, mine).map { mine.head(of: $0.origin) }
            if try await pull(wanted, &result) {
                let done = Set(claimed.map(\.origin))
                rest.removeAll { done.contains($0.origin) }
            }
        }
    }

    /// What this journal lacks of what a peer has.
    private func missing(_ theirs: [OriginHead], _ mine: JournalFrontier) -> [OriginHead] {
        theirs.filter { head in
            head.sequence > mine.sequence(of: head.origin) && !core.isQuarantined(head.origin, with: peer)
        }
    }

    /// Pulls some batches of the wanted origins.
    ///
    /// - Returns: Whether the peer has no more of them.
    private func pull(_ heads: [OriginHead], _ result: inout Result) async throws(EffectError) -> Bool {
        var wanted = WantedRuns(heads)
        let client = PeerClient(core: core, peer: peer)
        var intake = BatchIntake(core: core, peer: peer)
        for _ in 0..<Self.batchesPerTurn {
            if wanted.isEmpty { return true }
            let request = PullRequest(
                heads: wanted.heads,
                batchBytes: core.limits.batchBytes,
                messageBytes: core.limits.messageBytes
            )
            let (batch, bytes) = try await client.entries(request)
            result.receivedBytes += bytes
            result.batches += 1
            for origin in batch.forkedOrigins {
                guard let head = wanted.remove(origin) else { throw unasked("names a fork of origin \(origin)") }
                core.quarantineFork(of: origin, at: head.sequence, with: peer)
            }
            if let entry = wanted.firstUnasked(of: batch) {
                throw unasked("sent entry \(entry.sequence) of origin \(entry.origin)")
            }
            if batch.entries.isEmpty {
                guard batch.hasMore, !batch.forkedOrigins.isEmpty else { return true }
                continue
            }
            let taken = try await intake.take(batch, after: wanted)
            wanted = taken.wanted
            result.received += taken.added
            result.receivedBytes += taken.bytes
            if !batch.hasMore, taken.isWhole { return true }
        }
        return false
    }

    private func unasked(_ what: String) -> EffectError {
        core.error(.corrupted, peer, "\(what), which it was not asked for. Nothing of its reply was merged.")
    }
}
