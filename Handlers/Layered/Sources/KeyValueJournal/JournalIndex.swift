internal import AuraEffects
internal import AuraRuntime

/// What a handler knows of its journal: everything but the payloads and the states of snapshots, in memory.
///
/// It follows from the commits in their order alone, so that every handler on a journal comes to the same.
struct JournalIndex {
    let origin: OriginID
    let errors: HandlerErrors
    /// The last commit that is known.
    private(set) var head: UInt64 = 0
    var clock = HybridLogicalClock()
    /// The commits that cannot be read, in their order: what they held is missing here.
    private(set) var lostCommits: [UInt64] = []
    /// Where the last entry stands of which no more is known than that it was there.
    private var lastLost: Int?
    /// All entries in the order of their positions, which begin at 1.
    private(set) var entries: [Entry] = []
    var streams: [StreamName: Stream] = [:]
    /// Where each origin's entries stand in ``entries``; sequences begin at 1.
    private(set) var origins: [OriginID: [Int]] = [:]

    init(origin: OriginID, errors: HandlerErrors) {
        self.origin = origin
        self.errors = errors
    }

    /// What is known after a checkpoint's last commit.
    ///
    /// - Complexity: O(*n*) in the journal's entries.
    init(_ checkpoint: Checkpoint, origin: OriginID, errors: HandlerErrors) {
        self.init(origin: origin, errors: errors)
        head = checkpoint.head
        entries.reserveCapacity(checkpoint.entries.count)
        for element in checkpoint.entries { add(element) }
        for kept in checkpoint.snapshots { streams[kept.snapshot.stream, default: Stream()].snapshot = kept }
        for stream in Array(streams.keys) { settle(stream) }
    }

    /// What a checkpoint keeps; `nil` where not all is known.
    var checkpoint: Checkpoint? {
        guard lostCommits.isEmpty else { return nil }
        let snapshots = streams.values.compactMap(\.snapshot).sorted { $0.snapshot.stream < $1.snapshot.stream }
        return Checkpoint(head: head, entries: entries, snapshots: snapshots)
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

    /// The position of the next entry.
    var nextPosition: Position { Position(rawValue: UInt64(entries.count) + 1) }

    // MARK: Following the log

    /// Takes in a commit, where it is the next one.
    mutating func apply(_ numbered: CommitLog.Numbered) {
        guard numbered.number == head + 1 else { return }
        head = numbered.number
        guard let commit = numbered.commit, numbered.isSound || proves(commit) else {
            lostCommits.append(numbered.number)
            return
        }
        addLost(upTo: commit.first)
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
        let isCompacted = logged.entry.payload == nil && !logged.isObject
        if let lost = lastLost {
            // What the damaged commits held of the stream and of the origin is told by what is missing.
            let entry = logged.entry
            streams[entry.stream, default: Stream()].fill(upTo: entry.revision, with: lost)
            while UInt64(origins[entry.origin]?.count ?? 0) + 1 < entry.sequence {
                origins[entry.origin, default: []].append(lost)
            }
        }
        add(
            Entry(
                entry: logged.entry,
                digest: logged.digest,
                commit: commit,
                slot: slot,
                isCompacted: isCompacted,
                hasStoredPayload: !isCompacted
            )
        )
    }

    private mutating func add(_ element: Entry) {
        var element = element
        var entry = element.entry
        let index = entries.count
        entry.body = .compacted(element.digest)
        entry.position = Position(rawValue: UInt64(index) + 1)
        entry.revision = streams[entry.stream, default: Stream()].add(entry, at: index)
        clock.observe(entry.timestamp)
        origins[entry.origin, default: []].append(index)
        element.entry = entry
        entries.append(element)
    }

    /// Keeps the places of entries whose commits cannot be read.
    private mutating func addLost(upTo first: Position) {
        guard let commit = lostCommits.last else { return }
        while nextPosition < first {
            let entry = JournalEntry(
                stream: "",
                revision: .first,
                position: nextPosition,
                origin: OriginID(rawValue: 0),
                sequence: 0,
                id: EntryID(rawValue: 0),
                timestamp: .zero,
                kind: "",
                body: .compacted(.zero),
                hash: .zero
            )
            lastLost = entries.count
            entries.append(
                Entry(
                    entry: entry,
                    digest: .zero,
                    commit: commit,
                    slot: 0,
                    isCompacted: false,
                    hasStoredPayload: false,
                    isLost: true
                )
            )
        }
    }

    /// Whether a commit whose checksum is wrong is what was written but for payloads: its hashes chain to what is known, and a
    /// payload is another one than they say.
    private func proves(_ commit: Commit) -> Bool {
        guard commit.first == nextPosition, commit.snapshots.isEmpty, commit.compactions.isEmpty else { return false }
        var heads: [OriginID: JournalFrontier.Head] = [:]
        for logged in commit.entries {
            let entry = logged.entry
            let known = heads[entry.origin] ?? head(of: entry.origin) ?? JournalFrontier.Head(sequence: 0, hash: .zero)
            guard entry.sequence == known.sequence + 1,
                entry.header.hash(previous: known.hash, payload: logged.digest) == entry.hash
            else { return false }
            heads[entry.origin] = JournalFrontier.Head(sequence: entry.sequence, hash: entry.hash)
        }
        return commit.entries.contains { $0.entry.payloadDigest != $0.digest }
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
        var index = entries.partitioningIndex(where: { $0.commit >= commit })
        while index < entries.count, entries[index].commit == commit {
            if entries[index].isCompacted { entries[index].hasStoredPayload = false }
            index += 1
        }
    }
}
