/// What travels from one journal to another: entries, and the snapshots that cover those among them without a payload.
public struct JournalBatch: Sendable, Hashable {
    /// Per origin a run without gaps, in the order of the sequence.
    public var entries: [JournalEntry]

    /// The snapshots that cover the compacted entries.
    public var snapshots: [JournalSnapshot]

    /// Whether the sender has more beyond these entries.
    public var hasMore: Bool

    /// Creates a batch.
    public init(entries: [JournalEntry], snapshots: [JournalSnapshot] = [], hasMore: Bool = false) {
        self.entries = entries
        self.snapshots = snapshots
        self.hasMore = hasMore
    }
}

/// What a merge did.
public struct MergeReceipt: Sendable, Hashable {
    /// How many entries were new.
    public var added: Int
    /// How many entries were known already.
    public var known: Int

    /// Creates a receipt.
    public init(added: Int, known: Int) {
        self.added = added
        self.known = known
    }
}

/// What a verification found.
public struct VerificationReport: Sendable, Hashable {
    /// One thing that is wrong.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// The position of the entry that it was found at; `nil` for the journal as a whole.
        public var position: Position?
        /// What is wrong.
        public var message: String

        /// Creates a problem.
        public init(position: Position?, message: String) {
            self.position = position
            self.message = message
        }

        /// Where and what.
        public var description: String {
            guard let position else { return message }
            return "position \(position): \(message)"
        }
    }

    /// How many entries were checked.
    public var checkedEntries: Int
    /// What is wrong, up to a hundred problems.
    public var problems: [Problem]
    /// The frontier that the entries add up to.
    public var frontier: JournalFrontier

    /// Creates a report.
    public init(checkedEntries: Int, problems: [Problem], frontier: JournalFrontier) {
        self.checkedEntries = checkedEntries
        self.problems = problems
        self.frontier = frontier
    }

    /// Whether nothing is wrong.
    public var isClean: Bool { problems.isEmpty }

    /// The most problems that a report lists.
    public static let maximumProblemCount = 100
}
