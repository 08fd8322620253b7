internal import AuraEffects
internal import AuraRuntime

/// Pulls entries from a peer, batch by batch: while one is merged the next one is asked for, and none beyond it.
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
        // A journal may hold entries back, beyond its frontier, until it has what it needs to take them: they are not asked for
        // again.
        var reached = WantedRuns([])
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
            let wanted = missing(claimed, mine)
                .map { head in
                    let known = mine.head(of: head.origin)
                    return reached[head.origin].flatMap { $0.sequence > known.sequence ? $0 : nil } ?? known
                }
            let isDone = try await pull(wanted, &reached, &result)
            if isDone {
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
    /// - Parameters:
    ///   - heads: What the peer is asked to go on from.
    ///   - reached: Where it is to go on from the next time.
    ///   - result: What came.
    /// - Returns: Whether the peer has no more of them.
    /// - Throws: ``EffectError``; what was merged before stays.
    private func pull(
        _ heads: [OriginHead],
        _ reached: inout WantedRuns,
        _ result: inout Result
    ) async throws(EffectError) -> Bool {
        let fetch = BatchFetch(core: core, peer: peer)
        var intake = BatchIntake(core: core, peer: peer)
        var wanted = WantedRuns(heads)
        if wanted.isEmpty { return true }
        var next = try await fetch(wanted)
        for turn in 1...Self.batchesPerTurn {
            let current = next
            result.batches += 1
            result.receivedBytes += current.byteCount
            for origin in current.forkedOrigins {
                guard let head = wanted.remove(origin) else { continue }
                core.quarantineFork(of: origin, at: head.sequence, with: peer)
            }
            let hasMore = current.batch.hasMore && !current.following.isEmpty
            // A peer that has more and sends nothing would be asked without end.
            guard !current.batch.entries.isEmpty || hasMore && !current.forkedOrigins.isEmpty else { return true }
            let isLast = turn == Self.batchesPerTurn || !hasMore
            async let ahead = isLast ? nil : attempt { () throws(EffectError) in try await fetch(current.following) }
            let taken = try await intake.take(current, after: wanted)
            result.received += taken.added
            result.receivedBytes += taken.bytes
            let following = await ahead
            wanted = taken.wanted
            reached = wanted
            if wanted.isEmpty { return true }
            guard let following else { return !hasMore && taken.isWhole }
            // What was asked for ahead does not follow where a batch was not taken to its end.
            next = taken.isWhole ? try following.get() : try await fetch(wanted)
        }
        return false
    }
}

/// What `body` returns or throws: a child task made with `async let` loses the error's type.
private func attempt<Value: Sendable>(
    _ body: () async throws(EffectError) -> Value
) async -> Swift.Result<Value, EffectError> {
    do throws(EffectError) {
        return .success(try await body())
    } catch {
        return .failure(error)
    }
}
