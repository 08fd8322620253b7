internal import AuraEffects

/// Writes a commit as bytes, and reads it again.
///
/// A version (1 byte), the position of its first entry, a table of the names that occur, then entries, snapshots and
/// compactions, each after its count (4 bytes): numbers big-endian, texts and data after their length (4).
enum CommitCoding {
    private static let version: UInt8 = 2

    /// What there is of a payload.
    private enum PayloadMark {
        static let compacted: UInt8 = 0
        static let here: UInt8 = 1
        static let object: UInt8 = 2
    }

    static func encode(_ commit: Commit) -> [UInt8] {
        var names = NameTable()
        var body = ByteWriter()
        body.add(UInt32(commit.entries.count))
        for logged in commit.entries {
            let entry = logged.entry
            body.add(names.number(of: entry.stream.text))
            body.add(names.number(of: entry.kind.text))
            body.add(entry.origin.rawValue)
            body.add(entry.sequence)
            body.add(entry.revision.rawValue)
            body.add(entry.timestamp.rawValue)
            body.add(entry.id.rawValue)
            body.bytes += entry.hash.bytes
            body.bytes += logged.digest.bytes
            if logged.isObject {
                body.bytes.append(PayloadMark.object)
            } else if let payload = entry.payload {
                body.bytes.append(PayloadMark.here)
                body.add(payload)
            } else {
                body.bytes.append(PayloadMark.compacted)
            }
        }
        body.add(UInt32(commit.snapshots.count))
        for kept in commit.snapshots {
            body.add(names.number(of: kept.snapshot.stream.text))
            body.add(kept.snapshot.revision.rawValue)
            body.addCovers(of: kept.snapshot)
            body.addOptional(kept.isDropped ? nil : kept.snapshot.state)
        }
        body.add(UInt32(commit.compactions.count))
        for compaction in commit.compactions {
            body.add(names.number(of: compaction.stream.text))
            body.add(compaction.before.rawValue)
        }
        var whole = ByteWriter()
        whole.bytes.reserveCapacity(body.bytes.count + 256)
        whole.bytes.append(version)
        whole.add(commit.first.rawValue)
        whole.add(UInt32(names.names.count))
        for name in names.names { whole.add(Array(name.utf8)) }
        whole.bytes += body.bytes
        return whole.bytes
    }

    /// Reads a commit; `nil` where the bytes are none.
    static func decode(_ bytes: [UInt8], id: EntryID) -> Commit? {
        var reader = ByteReader(bytes)
        guard reader.byte() == version, let first = reader.number(UInt64.self),
            let names = reader.list({ $0.text() })
        else { return nil }
        let entries = reader.list { reader -> Commit.Entry? in
            guard let stream = reader.name(names), let kind = reader.name(names),
                let origin = reader.number(UInt128.self),
                let sequence = reader.number(UInt64.self), let revision = reader.number(UInt64.self),
                let timestamp = reader.number(UInt64.self),
                let id = reader.number(UInt128.self), let hash = reader.digest(), let digest = reader.digest(),
                let mark = reader.byte(), mark <= PayloadMark.object
            else { return nil }
            var body = JournalEntry.Body.compacted(digest)
            if mark == PayloadMark.here {
                guard let payload = reader.data() else { return nil }
                body = .payload(Array(payload))
            }
            let entry = JournalEntry(
                stream: StreamName(stream),
                revision: Revision(rawValue: revision),
                position: .start,
                origin: OriginID(rawValue: origin),
                sequence: sequence,
                id: EntryID(rawValue: id),
                timestamp: HybridTimestamp(rawValue: timestamp),
                kind: EntryKind(kind),
                body: body,
                hash: hash
            )
            return Commit.Entry(entry: entry, digest: digest, isObject: mark == PayloadMark.object)
        }
        let snapshots = reader.list { reader -> Commit.Snapshot? in
            guard let stream = reader.name(names), let revision = reader.number(UInt64.self),
                let covers = reader.covers(),
                let state = reader.optional()
            else { return nil }
            let snapshot = JournalSnapshot(
                stream: StreamName(stream),
                revision: Revision(rawValue: revision),
                state: state.bytes ?? [],
                covers: covers
            )
            return Commit.Snapshot(snapshot: snapshot, isDropped: state.bytes == nil)
        }
        let compactions = reader.list { reader -> Commit.Compaction? in
            guard let stream = reader.name(names), let before = reader.number(UInt64.self) else { return nil }
            return Commit.Compaction(stream: StreamName(stream), before: Revision(rawValue: before))
        }
        guard let entries, let snapshots, let compactions, reader.isAtEnd else { return nil }
        return Commit(
            id: id,
            first: Position(rawValue: first),
            entries: entries,
            snapshots: snapshots,
            compactions: compactions
        )
    }
}
