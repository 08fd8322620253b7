internal import AuraEffects

/// What one record of the log holds: changes that apply together.
struct Commit: Sendable {
    /// An entry and the digest of its payload, which its hash covers.
    struct Entry: Sendable {
        var entry: JournalEntry
        var digest: SHA256Digest
        /// Whether the payload is an object of its own; where it was read from the log, the body is the digest then.
        var isObject = false
    }

    /// A snapshot that takes the place of its stream's kept one.
    struct Snapshot: Sendable {
        var snapshot: JournalSnapshot
        /// Whether the state was dropped because a later snapshot had taken its place.
        var isDropped = false
    }

    /// The loss of the payloads of a stream's first entries.
    struct Compaction: Sendable {
        var stream: StreamName
        var before: Revision
    }

    /// Tells the commit from every other one: a writer that heard no answer finds its own again by it.
    var id: EntryID
    /// The position of what it adds first: one more than there are entries before it.
    var first: Position
    var entries: [Entry] = []
    var snapshots: [Snapshot] = []
    var compactions: [Compaction] = []

    /// Whether the payload of an entry is an object.
    func hasObject(_ slot: Int) -> Bool { entries.indices.contains(slot) && entries[slot].isObject }
}
