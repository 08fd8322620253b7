internal import AuraEffects

/// Follows the chain of every origin from batch to batch.
struct Chain: Sendable {
    /// The last entry of each origin so far.
    private(set) var frontier: JournalFrontier

    init(from frontier: JournalFrontier) {
        self.frontier = frontier
    }

    /// Goes on over a batch, whose links are checked then.
    ///
    /// - Returns: The index of the first entry whose hash does not follow from the one before it; `nil` without one.
    mutating func follow(_ batch: inout JournalBatch) -> Int? {
        batch.checkLinks()
        var broken = batch.brokenLink
        var seen: Set<OriginID> = []
        var last: OriginID?
        for (index, entry) in batch.entries.enumerated() where entry.origin != last {
            last = entry.origin
            let isFirst = seen.insert(entry.origin).inserted
            if isFirst, !entry.extends(frontier.heads[entry.origin]?.hash ?? .zero) {
                broken = min(index, broken ?? index)
            }
        }
        frontier = frontier(after: batch)
        return broken
    }

    /// The last entry of each origin once the chain has gone on over a batch.
    func frontier(after batch: JournalBatch) -> JournalFrontier {
        var frontier = frontier
        for (index, entry) in batch.entries.enumerated() {
            let isLastOfRun = index + 1 == batch.entries.count || batch.entries[index + 1].origin != entry.origin
            guard isLastOfRun else { continue }
            frontier.heads[entry.origin] = JournalFrontier.Head(sequence: entry.sequence, hash: entry.hash)
        }
        return frontier
    }
}
