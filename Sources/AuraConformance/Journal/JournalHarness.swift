public import AuraEffects

/// Makes the journals that ``JournalLaw``s are checked on.
public protocol JournalHarness: ConformanceHarness where Handler == any JournalEffects {}

/// A harness that damages what a journal has stored.
public protocol JournalDamagingHarness: JournalHarness {
    /// Changes at least one bit of what is stored of an entry and returns a handler on the damaged data.
    ///
    /// - Parameters:
    ///   - journal: A handler of this harness, not to be used afterwards.
    ///   - part: What of the entry to damage.
    ///   - entry: The entry as the handler returned it.
    /// - Returns: A handler on the damaged data.
    /// - Throws: Any error, which fails the law.
    func damage(
        _ journal: any JournalEffects,
        _ part: JournalEntryPart,
        of entry: JournalEntry
    ) async throws -> any JournalEffects
}

/// A harness of journals that hold something else than the payloads they are given, such as their ciphertext.
public protocol SealingJournalHarness: JournalHarness {
    /// What a journal of this harness would hold of a draft, for entries that come from another journal of its kind.
    ///
    /// - Parameters:
    ///   - draft: The draft, which may be beyond the limits.
    ///   - stream: The stream that it is for.
    /// - Returns: The draft with the payload as it is held.
    /// - Throws: Any error, which fails the law.
    func sealed(_ draft: JournalEntry.Draft, in stream: StreamName) async throws -> JournalEntry.Draft
}

/// What of a stored entry is to be damaged.
public enum JournalEntryPart: String, Sendable, Hashable, CaseIterable {
    /// A bit of the payload.
    case payload
    /// The timestamp.
    case timestamp
    /// A bit of the hash.
    case hash
    /// The revision.
    case revision
    /// The position.
    case position
}

/// A property that every journal must have.
public typealias JournalLaw = Law<any JournalEffects>

extension Law where Handler == any JournalEffects {
    /// Every law of the journal.
    public static var all: [JournalLaw] {
        basics + expectations + ids + reading + order + subscriptions + timestamps + chain + refusals + cancellation
            + durability + sharing + snapshots + compaction + replication + merging + undeclared
    }

    /// The laws that apply to what a harness makes.
    public static func applicable(to harness: any ConformanceHarness<any JournalEffects>) -> [JournalLaw] {
        all.filter { $0.applies(to: harness) }
    }
}
