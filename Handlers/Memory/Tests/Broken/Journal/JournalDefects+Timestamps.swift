internal import AuraEffects
internal import AuraMemory

extension Defect where Handler == any JournalEffects {
    static var timestamps: [JournalDefect] {
        [
            JournalDefect(
                "the entries of an append of twenty or more share a timestamp",
                breaks: "an origin's timestamps strictly increase, within an append and between appends"
            ) { journal, _ in
                let shared = ShownTimestamps()
                journal.append = { base, appends throws(EffectError) in
                    let receipts = try await base.append(appends)
                    for receipt in receipts where receipt.items.count >= 20 {
                        let entries = try await base.entries(of: receipt)
                        for entry in entries { shared.show(entries[0].timestamp, at: entry.position) }
                    }
                    return receipts
                }
                journal.shown = shared.applied
            },
            JournalDefect(
                "timestamps follow the wall clock when it is stepped back",
                breaks: "timestamps increase when the clock jumps back an hour"
            ) { journal, opening in
                guard case .new = opening else { return }
                let latest = Mutexed(HybridTimestamp.zero)
                journal.followWallClock { base, _ in
                    latest.withLock { latest in
                        defer { latest = max(latest, base.wallClock) }
                        return base.wallClock < latest
                    }
                }
            },
            JournalDefect(
                "a reopened journal has forgotten its last timestamp",
                breaks: "timestamps increase over a reopening although the clock jumps back an hour"
            ) { journal, opening in
                guard case .reopened = opening else { return }
                journal.followWallClock { base, previous in base.wallClock.milliseconds < previous.milliseconds }
            },
            JournalDefect(
                "the timestamps of merged entries are not observed",
                breaks: "after a merge of a later timestamp an append's is later still"
            ) { journal, opening in
                let merged = Mutexed(HybridTimestamp.zero)
                journal.followWallClock { base, _ in
                    base.wallClock.milliseconds + 60_000 < merged.current.milliseconds
                }
                journal.merge = { base, batch throws(EffectError) in
                    let receipt = try await base.merge(batch)
                    merged.withLock { merged in
                        for entry in batch.entries { merged = max(merged, entry.timestamp) }
                    }
                    return receipt
                }
            },
        ]
    }
}

/// The timestamps that readers see instead of the stored ones.
private final class ShownTimestamps: Sendable {
    private let timestamps = Mutexed<[Position: HybridTimestamp]>([:])

    func show(_ timestamp: HybridTimestamp, at position: Position) {
        timestamps.withLock { $0[position] = timestamp }
    }

    @Sendable func applied(to entry: JournalEntry) -> JournalEntry {
        var entry = entry
        entry.timestamp = timestamps.withLock { $0[entry.position] } ?? entry.timestamp
        return entry
    }
}

extension BrokenJournal {
    /// Gives the entries of an append the wall clock's time, whatever came before, where `isBroken` says so.
    fileprivate mutating func followWallClock(
        where isBroken: @escaping @Sendable (SoundJournal, HybridTimestamp) -> Bool
    ) {
        let shown = ShownTimestamps()
        append = { base, appends throws(EffectError) in
            let previous = try await base.readAll(after: base.end.previous, limit: 1).last
            let receipts = try await base.append(appends)
            if isBroken(base, previous?.timestamp ?? .zero) {
                for item in receipts.flatMap(\.items) { shown.show(base.wallClock, at: item.position) }
            }
            return receipts
        }
        self.shown = shown.applied
    }
}

extension SoundJournal {
    fileprivate var wallClock: HybridTimestamp {
        HybridTimestamp(milliseconds: disk.time.now.millisecondsSinceEpoch, counter: 0)
    }

    /// The entries that a receipt names.
    func entries(of receipt: AppendReceipt) async throws(EffectError) -> [JournalEntry] {
        guard let first = receipt.items.first else { return [] }
        return try await read(receipt.stream, from: first.revision, limit: receipt.items.count, backwards: false)
    }
}

extension Position {
    /// The position before; the start has none.
    fileprivate var previous: Position { Position(rawValue: max(rawValue, 1) - 1) }
}
