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
        var lasts: [OriginID: JournalEntry] = [:]
        var last: JournalEntry?
        for (index, entry) in batch.entries.enumerated() {
            if let last, last.origin != entry.origin { lasts[last.origin] = last }
            let isFirst = last?.origin != entry.origin && lasts[entry.origin] == nil
            if isFirst, !entry.extends(frontier.heads[entry.origin]?.hash ?? .zero) {
                broken = min(index, broken ?? index)
            }
            last = entry
        }
        if let last { lasts[last.origin] = last }
        for (origin, entry) in lasts {
            frontier.heads[origin] = JournalFrontier.Head(sequence: entry.sequence, hash: entry.hash)
        }
        return broken
    }
}
