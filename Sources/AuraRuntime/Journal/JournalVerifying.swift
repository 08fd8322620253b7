package import AuraEffects

/// Checks a journal from its first entry to its last: a fold over its pages.
package struct JournalVerifying: Sendable {
    private var report = VerificationReport(checkedEntries: 0, problems: [], frontier: JournalFrontier())
    /// Whether an entry could not be read: then one that is missing before a later one of its origin is that.
    private var isAfterDamage = false
    /// The last entry that was looked at.
    package private(set) var position = Position.start

    package init() {}

    /// Whether the report takes no more problems.
    package var isFull: Bool { report.problems.count >= VerificationReport.maximumProblemCount }

    package var checkedEntries: Int { report.checkedEntries }

    /// Checks the entry that follows those checked before.
    package mutating func check(_ entry: JournalEntry) {
        let known = report.frontier.heads[entry.origin] ?? JournalFrontier.Head(sequence: 0, hash: .zero)
        if entry.sequence > known.sequence + 1, isAfterDamage {
            // The chain goes on behind what is damaged, from a hash that is not known.
        } else if entry.sequence != known.sequence + 1 {
            note(entry, "origin \(entry.origin) has sequence \(entry.sequence) after \(known.sequence)")
        } else if entry.header.hash(previous: known.hash, payload: entry.payloadDigest) != entry.hash {
            note(entry, "the hash does not chain to the previous entry of origin \(entry.origin)")
        }
        report.frontier.heads[entry.origin] = JournalFrontier.Head(sequence: entry.sequence, hash: entry.hash)
        report.checkedEntries += 1
        position = entry.position
    }

    /// Takes down a problem.
    package mutating func note(_ message: String, at position: Position? = nil) {
        guard !isFull else { return }
        report.problems.append(.init(position: position, message: message))
    }

    /// Goes on after an entry that could not be read: what follows it is not blamed for it.
    package mutating func skip(to position: Position) {
        self.position = position
        isAfterDamage = true
    }

    private mutating func note(_ entry: JournalEntry, _ message: String) {
        note(message, at: entry.position)
    }

    /// The report.
    package consuming func finished() -> VerificationReport {
        report
    }
}
