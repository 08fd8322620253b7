internal import AuraEffects
internal import AuraRuntime

/// What a handler knows of its journal: everything but the payloads and the states of snapshots, in memory.
///
/// It follows from the commits in their order alone, so that every handler on a journal comes to the same.
struct JournalIndex {
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

    let origin: OriginID
    let errors: HandlerErrors
    /// The last commit that is known.
    private(set) var head: UInt64 = 0
    var clock = HybridLogicalClock()
    /// All entries in the order of their positions, which begin at 1.
    private(set) var entries: [Entry] = []
    var streams: [StreamName: Stream] = [:]
    /// Where each origin's entries stand in ``entries``; sequences begin at 1.
    private(set) var origins: [OriginID: [Int]] = [:]

    init(origin: OriginID, errors: HandlerErrors) {
        self.origin = origin
        self.errors = errors
    }

    func head(of origin: OriginID) -> JournalFrontier.Head? {
        guard let index = origins[origin]?.last else { return nil }
        return JournalFrontier.Head(sequence: entries[index].entry.sequence, hash: entries[index].entry.hash)
    }

    var frontier: JournalFrontier {
        var heads: [OriginID: JournalFrontier.Head] = [:]
        for origin in origins.keys { heads[origin] = head(of: origin) }
        return JournalFrontier(heads)
    }

    // MARK: Following the log

    /// Takes in a commit, where it is the next one.
    mutating func apply(_ numbered: CommitLog.Numbered) {
        guard numbered.number == head + 1 else { return }
        head = numbered.number
        let commit = numbered.commit
        for (slot, logged) in commit.entries.enumerated() { add(logged, numbered.number, slot) }
        var changed = Set(commit.entries.map(\.entry.stream))
        for (slot, kept) in commit.snapshots.enumerated() {
            var snapshot = kept.snapshot
            snapshot.state = []
            let stream = snapshot.stream
            streams[stream, default: Stream()].snapshot = Snapshot(
                snapshot: snapshot,
                commit: numbered.number,
                slot: slot
            )
            changed.insert(stream)
        }
        for compaction in commit.compactions {
            changed.insert(compaction.stream)
            let indices = streams[compaction.stream]?.indices ?? []
            for index in indices.prefix(Int(clamping: compaction.before.rawValue)) { entries[index].isCompacted = true }
        }
        for stream in changed { settle(stream) }
    }

    private mutating func add(_ logged: Commit.Entry, _ commit: UInt64, _ slot: Int) {
        var entry = logged.entry
        let isCompacted = entry.payload == nil
        let index = entries.count
        entry.body = .compacted(logged.digest)
        entry.position = Position(rawValue: UInt64(index) + 1)
        entry.revision = streams[entry.stream, default: Stream()].add(entry, at: index)
        clock.observe(entry.timestamp)
        origins[entry.origin, default: []].append(index)
        entries.append(
            Entry(
                entry: entry,
                digest: logged.digest,
                commit: commit,
                slot: slot,
                isCompacted: isCompacted,
                hasStoredPayload: !isCompacted
            )
        )
    }

    /// Moves the floor up over the compacted entries that follow it, and the snapshot over those that it covers.
    private mutating func settle(_ name: StreamName) {
        guard var stream = streams[name] else { return }
        while stream.floor < stream.indices.count, entries[stream.indices[stream.floor]].isCompacted {
            stream.floor += 1
        }
        while let kept = stream.snapshot?.snapshot, kept.revision.rawValue < UInt64(stream.indices.count) {
            let entry = entries[stream.indices[Int(kept.revision.rawValue)]].entry
            guard kept.covers(origin: entry.origin, sequence: entry.sequence) else { break }
            stream.snapshot?.snapshot.revision = kept.revision.next
        }
        streams[name] = stream
    }

    /// What was compacted is no longer in a commit.
    mutating func noteDroppedPayloads(of commit: UInt64) {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = low + (high - low) / 2
            if entries[middle].commit < commit { low = middle + 1 } else { high = middle }
        }
        while low < entries.count, entries[low].commit == commit {
            if entries[low].isCompacted { entries[low].hasStoredPayload = false }
            low += 1
        }
    }
}

extension JournalIndex.Stream {
    fileprivate mutating func add(_ entry: JournalEntry, at index: Int) -> Revision {
        let revision = indices.count
        indices.append(index)
        revisions[Name(origin: entry.origin, id: entry.id)] = revision
        if lowestRevisions[entry.id] == nil { lowestRevisions[entry.id] = revision }
        return Revision(rawValue: UInt64(revision))
    }
}
