internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Takes in entries of other origins as far as signatures of trusted keys cover them, and holds the rest back.
final class SignedMerge: Sendable {
    private static let operation = "merge"

    private let journal: any JournalEffects
    private let keys: HeadKeys
    private let errors: HandlerErrors
    private let held: Mutex<HeldRuns>
    /// One merge at a time: what is held belongs to a frontier.
    private let turn: AppendGate

    init(_ journal: any JournalEffects, _ keys: HeadKeys, mostHeld: ByteCount, errors: HandlerErrors) {
        self.journal = journal
        self.keys = keys
        self.errors = errors
        held = Mutex(HeldRuns(limit: mostHeld.bytes))
        turn = AppendGate(errors: errors)
    }

    /// Merges what is covered.
    ///
    /// - Parameters:
    ///   - batch: The entries. Snapshots are not taken: nobody has signed them.
    ///   - own: The journal's own origin, whose entries need no signature here.
    /// - Returns: What was merged; what is held back now is neither new nor known.
    /// - Throws: ``EffectError``, as every journal does; also `permissionDenied` where no key or another one is trusted for an
    ///   origin, `corrupted` for a signature that is not true, `invalidArgument` for entries without a signature beyond what is
    ///   held.
    func merge(_ batch: JournalBatch, own: OriginID?) async throws(EffectError) -> MergeReceipt {
        try await turn.close(in: Self.operation)
        defer { turn.open() }
        let plan = try await plan(batch.checkingLinks(), own: own)
        let receipt: MergeReceipt
        do throws(EffectError) {
            receipt = try await journal.merge(plan.merged)
        } catch {
            // What is held may be what the journal cannot take: it is asked for again.
            if !error.isRetryable { held.withLock { held in for origin in plan.rests.keys { held.drop(origin) } } }
            throw error
        }
        held.withLock { held in for (origin, rest) in plan.rests { held.hold(rest, of: origin) } }
        return receipt
    }

    private struct Plan {
        /// What the journal underneath is to take.
        var merged: JournalBatch
        /// What is to be held of each origin that has new entries.
        var rests: [OriginID: [JournalEntry]] = [:]
    }

    private func plan(_ batch: JournalBatch, own: OriginID?) async throws(EffectError) -> Plan {
        let frontier = try await journal.frontier()
        var entries: [JournalEntry] = []
        var rests: [OriginID: [JournalEntry]] = [:]
        var isWhole = true
        for (origin, arrived) in Self.runs(of: batch.entries) {
            let head = frontier.heads[origin] ?? JournalFrontier.Head(sequence: 0, hash: .zero)
            let knownCount = arrived.prefix { $0.sequence <= head.sequence }.count
            let new = Array(arrived[knownCount...])
            guard origin != own, !new.isEmpty else {
                entries += arrived
                continue
            }
            guard keys.trustsAnyKey(of: origin) else { throw unknownOrigin(origin, new) }
            let joined = try join(new, after: head)
            let coverage = SignatureCoverage(keys: keys, errors: errors)
            let coveredCount = try await coverage.coveredCount(of: joined.run, from: joined.oldCount, after: head)
            let covered = joined.run[..<coveredCount]
            try await refuseCompacted(covered)
            let rest = Array(joined.run[coveredCount...])
            try refuseTooMany(rest, of: origin)
            isWhole = isWhole && rest.isEmpty && covered.count == new.count
            entries += arrived[..<knownCount] + covered
            rests[origin] = rest
        }
        var merged = batch
        merged.snapshots = []
        // The links of the batch were checked: they need not be again where it is merged as it is.
        if !isWhole { merged.entries = entries }
        return Plan(merged: merged, rests: rests)
    }

    // The journal underneath is not left to judge: it may have come further meanwhile, and take what nobody has signed.
    private func join(_ new: [JournalEntry], after head: JournalFrontier.Head) throws(EffectError) -> HeldJoin {
        let before = held.withLock { $0[new[0].origin] }
        do throws(HeldJoin.Fault) {
            return try HeldJoin(new, to: before, after: head)
        } catch {
            switch error {
            case .gap(let entry): throw gap(before: entry, after: head)
            case .broken(let entry): throw fork(at: entry)
            }
        }
    }

    /// The entries of each origin in their order, in the order of the origins' first entries.
    private static func runs(of entries: [JournalEntry]) -> [(origin: OriginID, entries: [JournalEntry])] {
        var runs: [(origin: OriginID, entries: [JournalEntry])] = []
        var indices: [OriginID: Int] = [:]
        for entry in entries {
            if let index = indices[entry.origin] {
                runs[index].entries.append(entry)
            } else {
                indices[entry.origin] = runs.count
                runs.append((entry.origin, [entry]))
            }
        }
        return runs
    }
}

extension SignedMerge {
    /// Refuses entries whose payload is gone and that no snapshot of this journal's own stands for.
    private func refuseCompacted(_ entries: ArraySlice<JournalEntry>) async throws(EffectError) {
        var coverage: [StreamName: [OriginID: UInt64]] = [:]
        let hasSnapshots = journal.capabilities.contains(.snapshots)
        for entry in entries where entry.payload == nil {
            if hasSnapshots, coverage[entry.stream] == nil {
                coverage[entry.stream] = try await journal.latestSnapshot(of: entry.stream)?.covers ?? [:]
            }
            guard entry.sequence > coverage[entry.stream]?[entry.origin] ?? 0 else { continue }
            throw errors.error(
                .preconditionFailed,
                in: Self.operation,
                "Entry \(entry.sequence) of origin \(entry.origin) was compacted away at the sender, and nobody has signed the "
                    + "snapshot that stands for it: take the entries from a journal that still has their payloads."
            )
        }
    }

    private func refuseTooMany(_ rest: [JournalEntry], of origin: OriginID) throws(EffectError) {
        let limit = held.withLock(\.limit)
        let byteCount = HeldRuns.byteCount(of: rest)
        guard byteCount > limit, let first = rest.first else { return }
        throw errors.error(
            .invalidArgument,
            in: Self.operation,
            "\(rest.count) entries of origin \(origin) from sequence \(first.sequence) on have no signature after "
                + "\(ByteCount(bytes: byteCount)): at most \(ByteCount(bytes: limit)) are held back. See that the origin's "
                + "journal signs its head, or give this one a larger memory limit."
        )
    }

    private func gap(before entry: JournalEntry, after head: JournalFrontier.Head) -> EffectError {
        errors.error(
            .preconditionFailed,
            in: Self.operation,
            "The entries of origin \(entry.origin) have sequence \(entry.sequence), which follows neither sequence "
                + "\(head.sequence) nor what is held back until a signature comes: ask the sender for its entries beyond this "
                + "journal's frontier."
        )
    }

    private func fork(at entry: JournalEntry) -> EffectError {
        errors.error(
            .conflict,
            in: Self.operation,
            "The chain of origin \(entry.origin) forks at sequence \(entry.sequence): the entry was altered, or a copy of "
                + "its journal went on writing under the same origin. Verify the sender's journal."
        )
    }

    private func unknownOrigin(_ origin: OriginID, _ entries: [JournalEntry]) -> EffectError {
        let key = entries.lazy.compactMap { HeadSignature(following: $0)?.publicKey }.last
        let line = key.map { ": '\(TrustedKey.line(origin, $0))', if that key is the origin's" } ?? ""
        return errors.error(
            .permissionDenied,
            in: Self.operation,
            "No key is trusted for the origin \(origin), whose entries from sequence \(entries[0].sequence) on are new; nothing "
                + "was merged. Add a line to 'trusted' to take them\(line)."
        )
    }
}
