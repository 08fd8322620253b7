/// What travels from one journal to another: entries, and the snapshots that cover those among them without a payload.
public struct JournalBatch: Sendable {
    /// Per origin a run without gaps, in the order of the sequence.
    public var entries: [JournalEntry] {
        didSet { linkCheck = nil }
    }

    /// The snapshots that cover the compacted entries.
    public var snapshots: [JournalSnapshot]

    /// Whether the sender has more beyond these entries.
    public var hasMore: Bool

    /// What ``checkLinks()`` found, as long as the entries are the same.
    private var linkCheck: LinkCheck?

    /// Creates a batch.
    public init(entries: [JournalEntry], snapshots: [JournalSnapshot] = [], hasMore: Bool = false) {
        self.entries = entries
        self.snapshots = snapshots
        self.hasMore = hasMore
    }
}

extension JournalBatch {
    private struct LinkCheck {
        var brokenLink: Int?
    }

    /// Hashes every entry that follows another one of its origin in the batch, and remembers what it found.
    ///
    /// It is most of the work of a merge and needs nothing of the journal, so it can be done before the merge has its turn.
    ///
    /// - Complexity: O(*n*) in the bytes of all payloads; nothing where it was done and the entries are the same.
    public mutating func checkLinks() {
        guard linkCheck == nil else { return }
        linkCheck = LinkCheck(brokenLink: firstBrokenLink())
    }

    /// The batch after ``checkLinks()``.
    public consuming func checkingLinks() -> JournalBatch {
        checkLinks()
        return self
    }

    /// The index of the first entry whose hash does not follow from its contents and the entry of its origin before it in
    /// the batch; `nil` where there is none, or ``checkLinks()`` was not called.
    public var brokenLink: Int? { linkCheck?.brokenLink }

    private func firstBrokenLink() -> Int? {
        var hashes: [OriginID: SHA256Digest] = [:]
        var last: JournalEntry?
        for (index, entry) in entries.enumerated() {
            let previous: SHA256Digest?
            if let last, last.origin == entry.origin {
                previous = last.hash
            } else {
                if let last { hashes[last.origin] = last.hash }
                previous = hashes[entry.origin]
            }
            if let previous, !entry.extends(previous) { return index }
            last = entry
        }
        return nil
    }
}

extension JournalBatch: Hashable {
    /// Whether both hold the same; whether their links were checked makes no difference.
    public static func == (left: JournalBatch, right: JournalBatch) -> Bool {
        left.entries == right.entries && left.snapshots == right.snapshots && left.hasMore == right.hasMore
    }

    /// Hashes what the batch holds.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(entries)
        hasher.combine(snapshots)
        hasher.combine(hasMore)
    }
}

extension JournalBatch: Codable {
    private enum CodingKeys: CodingKey {
        case entries
        case snapshots
        case hasMore
    }
}

/// What a merge did.
public struct MergeReceipt: Sendable, Hashable, Codable {
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
public struct VerificationReport: Sendable, Hashable, Codable {
    /// One thing that is wrong.
    public struct Problem: Sendable, Hashable, Codable, CustomStringConvertible {
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
