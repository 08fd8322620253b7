internal import AuraEffects
internal import AuraRuntime

/// What a memory journal holds; every operation is one call, made under the handler's lock.
struct MemoryJournalState {
    /// The entries of one stream.
    struct Stream {
        /// An id is unique per origin.
        struct Name: Hashable {
            var origin: OriginID
            var id: EntryID
        }

        /// Where the entries stand in ``MemoryJournalState/entries``, by revision.
        var indices: [Int] = []
        /// The revision of each entry's id and origin.
        var revisions: [Name: Int] = [:]
        /// The lowest revision of each id, whatever its origin.
        var lowestRevisions: [EntryID: Int] = [:]
        /// How many entries from the first on are compacted: reading below throws.
        var floor = 0
        var snapshot: JournalSnapshot?
    }

    let origin: OriginID
    let errors: HandlerErrors
    var clock = HybridLogicalClock()
    /// All entries in the order of their positions, which begin at 1.
    var entries: [JournalEntry] = []
    var streams: [StreamName: Stream] = [:]
    /// Where each origin's entries stand in ``entries``; sequences begin at 1.
    var origins: [OriginID: [Int]] = [:]

    init(origin: OriginID, errors: HandlerErrors) {
        self.origin = origin
        self.errors = errors
    }

    func head(of origin: OriginID) -> JournalFrontier.Head? {
        guard let index = origins[origin]?.last else { return nil }
        return JournalFrontier.Head(sequence: entries[index].sequence, hash: entries[index].hash)
    }

    /// Adds an entry to the end of its stream and of its origin's run; its revision and position are set here.
    mutating func add(_ entry: JournalEntry) -> AppendReceipt.Item {
        var entry = entry
        let index = entries.count
        entry.position = Position(rawValue: UInt64(index) + 1)
        entry.revision = streams[entry.stream, default: Stream()].add(entry, at: index)
        entries.append(entry)
        origins[entry.origin, default: []].append(index)
        return AppendReceipt.Item(id: entry.id, revision: entry.revision, position: entry.position)
    }
}

extension MemoryJournalState.Stream {
    fileprivate mutating func add(_ entry: JournalEntry, at index: Int) -> Revision {
        let revision = indices.count
        indices.append(index)
        revisions[Name(origin: entry.origin, id: entry.id)] = revision
        if lowestRevisions[entry.id] == nil { lowestRevisions[entry.id] = revision }
        return Revision(rawValue: UInt64(revision))
    }
}
