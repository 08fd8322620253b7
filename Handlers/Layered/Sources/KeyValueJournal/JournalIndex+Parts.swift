internal import AuraEffects

extension JournalIndex {
    /// An entry without its payload.
    struct Entry {
        /// Its body is the payload's digest.
        var entry: JournalEntry
        var digest: SHA256Digest
        /// Where in the log it is.
        var commit: UInt64
        var slot: Int
        var isCompacted: Bool
        /// Whether its commit had the payload when it was read.
        var hasStoredPayload: Bool
        /// Whether all that is known of it is its position: its commit cannot be read.
        var isLost = false
    }

    /// A kept snapshot without its state.
    struct Snapshot {
        var snapshot: JournalSnapshot
        var commit: UInt64
        var slot: Int
    }

    /// The entries of one stream.
    struct Stream {
        /// An id is unique per origin.
        struct Name: Hashable {
            var origin: OriginID
            var id: EntryID
        }

        /// Where the entries stand in ``JournalIndex/entries``, by revision.
        var indices: [Int] = []
        /// The revision of each entry's id and origin.
        var revisions: [Name: Int] = [:]
        /// The lowest revision of each id, whatever its origin.
        var lowestRevisions: [EntryID: Int] = [:]
        /// How many entries from the first on are compacted: reading below throws.
        var floor = 0
        var snapshot: Snapshot?
    }
}

extension JournalIndex.Stream {
    mutating func add(_ entry: JournalEntry, at index: Int) -> Revision {
        let revision = indices.count
        indices.append(index)
        revisions[Name(origin: entry.origin, id: entry.id)] = revision
        if lowestRevisions[entry.id] == nil { lowestRevisions[entry.id] = revision }
        return Revision(rawValue: UInt64(revision))
    }

    /// Keeps the places of entries of which no more is known than that they were there.
    mutating func fill(upTo revision: Revision, with lost: Int) {
        while UInt64(indices.count) < revision.rawValue { indices.append(lost) }
    }
}
