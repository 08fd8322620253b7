internal import AuraEffects

extension MemoryJournalState {
    /// Checks every entry against what it must be from the entries before it alone, not from the indexes.
    func verify() -> VerificationReport {
        var heads: [OriginID: JournalFrontier.Head] = [:]
        var streamCounts: [StreamName: UInt64] = [:]
        var lastPosition = Position.start
        var problems: [VerificationReport.Problem] = []
        func report(_ entry: JournalEntry?, _ message: String) {
            guard problems.count < VerificationReport.maximumProblemCount else { return }
            problems.append(VerificationReport.Problem(position: entry?.position, message: message))
        }
        for entry in entries {
            if entry.position <= lastPosition { report(entry, "The position does not follow \(lastPosition).") }
            lastPosition = entry.position
            let revision = streamCounts[entry.stream, default: 0]
            streamCounts[entry.stream] = revision + 1
            if entry.revision.rawValue != revision {
                report(entry, "The entry has revision \(entry.revision) where its stream is at \(revision).")
            }
            let previous = heads[entry.origin] ?? JournalFrontier.Head(sequence: 0, hash: .zero)
            if entry.sequence != previous.sequence + 1 {
                report(entry, "Sequence \(entry.sequence) of origin \(entry.origin) follows \(previous.sequence).")
            }
            if entry.header.hash(previous: previous.hash, payload: entry.payloadDigest) != entry.hash {
                report(entry, "The hash does not match the entry and the one before it of origin \(entry.origin).")
            }
            heads[entry.origin] = JournalFrontier.Head(sequence: entry.sequence, hash: entry.hash)
        }
        let found = JournalFrontier(heads)
        if found != frontier { report(nil, "The frontier is not the one that the entries add up to.") }
        return VerificationReport(checkedEntries: entries.count, problems: problems, frontier: found)
    }
}
