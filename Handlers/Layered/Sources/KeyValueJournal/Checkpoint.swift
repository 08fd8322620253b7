internal import AuraEffects

/// What a journal's index says after a commit, so that who opens the journal reads the commits behind that one alone.
struct Checkpoint {
    /// The last commit that is in it.
    var head: UInt64
    /// All entries in the order of their positions; their bodies are digests.
    var entries: [JournalIndex.Entry]
    /// The kept snapshots without their states.
    var snapshots: [JournalIndex.Snapshot]
}

extension Checkpoint {
    private static let version: UInt8 = 1

    private enum Flag {
        static let isCompacted: UInt8 = 1
        static let hasStoredPayload: UInt8 = 2
        static let all: UInt8 = 3
    }

    /// The checkpoint as bytes: a version, the head, the names that occur, then entries and snapshots, written as commits write them.
    var bytes: [UInt8] {
        var names = NameTable()
        var body = ByteWriter()
        body.bytes.reserveCapacity(entries.count * 140)
        body.add(UInt32(entries.count))
        for element in entries {
            let entry = element.entry
            body.add(names.number(of: entry.stream.text))
            body.add(names.number(of: entry.kind.text))
            body.add(entry.origin.rawValue)
            body.add(entry.sequence)
            body.add(entry.timestamp.rawValue)
            body.add(entry.id.rawValue)
            body.bytes += entry.hash.bytes
            body.bytes += element.digest.bytes
            body.add(element.commit)
            body.add(UInt32(element.slot))
            body.bytes.append(
                (element.isCompacted ? Flag.isCompacted : 0) | (element.hasStoredPayload ? Flag.hasStoredPayload : 0)
            )
        }
        body.add(UInt32(snapshots.count))
        for kept in snapshots {
            body.add(names.number(of: kept.snapshot.stream.text))
            body.add(kept.snapshot.revision.rawValue)
            body.addCovers(of: kept.snapshot)
            body.add(kept.commit)
            body.add(UInt32(kept.slot))
        }
        var whole = ByteWriter()
        whole.bytes.append(Self.version)
        whole.add(head)
        whole.add(UInt32(names.names.count))
        for name in names.names { whole.add(Array(name.utf8)) }
        whole.bytes += body.bytes
        return whole.bytes
    }

    /// Reads a checkpoint; `nil` where the bytes are none.
    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes)
        guard reader.byte() == Self.version, let head = reader.number(UInt64.self),
            let names = reader.list({ $0.text() }),
            let entries = reader.list({ Self.entry(&$0, names) }),
            let snapshots = reader.list({ Self.snapshot(&$0, names) }),
            reader.isAtEnd
        else { return nil }
        (self.head, self.entries, self.snapshots) = (head, entries, snapshots)
    }

    private static func entry(_ reader: inout ByteReader, _ names: [String]) -> JournalIndex.Entry? {
        guard let stream = reader.name(names), let kind = reader.name(names),
            let origin = reader.number(UInt128.self), let sequence = reader.number(UInt64.self),
            let timestamp = reader.number(UInt64.self), let id = reader.number(UInt128.self),
            let hash = reader.digest(), let digest = reader.digest(), let commit = reader.number(UInt64.self),
            let slot = reader.number(UInt32.self), let flags = reader.byte(), flags <= Flag.all
        else { return nil }
        let entry = JournalEntry(
            stream: StreamName(stream),
            revision: .first,
            position: .start,
            origin: OriginID(rawValue: origin),
            sequence: sequence,
            id: EntryID(rawValue: id),
            timestamp: HybridTimestamp(rawValue: timestamp),
            kind: EntryKind(kind),
            body: .compacted(digest),
            hash: hash
        )
        return JournalIndex.Entry(
            entry: entry,
            digest: digest,
            commit: commit,
            slot: Int(slot),
            isCompacted: flags & Flag.isCompacted != 0,
            hasStoredPayload: flags & Flag.hasStoredPayload != 0
        )
    }

    private static func snapshot(_ reader: inout ByteReader, _ names: [String]) -> JournalIndex.Snapshot? {
        guard let stream = reader.name(names), let revision = reader.number(UInt64.self),
            let covers = reader.covers(), let commit = reader.number(UInt64.self),
            let slot = reader.number(UInt32.self)
        else { return nil }
        let snapshot = JournalSnapshot(
            stream: StreamName(stream),
            revision: Revision(rawValue: revision),
            state: [],
            covers: covers
        )
        return JournalIndex.Snapshot(snapshot: snapshot, commit: commit, slot: Int(slot))
    }
}

extension ByteWriter {
    /// What a snapshot covers: the last sequence of each origin.
    mutating func addCovers(of snapshot: JournalSnapshot) {
        add(UInt32(snapshot.covers.count))
        for (origin, sequence) in snapshot.covers.sorted(by: { $0.key < $1.key }) {
            add(origin.rawValue)
            add(sequence)
        }
    }
}

extension ByteReader {
    mutating func covers() -> [OriginID: UInt64]? {
        let covers = list { reader -> (OriginID, UInt64)? in
            guard let origin = reader.number(UInt128.self), let sequence = reader.number(UInt64.self) else {
                return nil
            }
            return (OriginID(rawValue: origin), sequence)
        }
        return covers.map { Dictionary($0) { _, last in last } }
    }

    /// One of the names that occur.
    mutating func name(_ names: [String]) -> String? {
        number(UInt32.self).flatMap { $0 < names.count ? names[Int($0)] : nil }
    }
}
