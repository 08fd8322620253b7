internal import AuraEffects

/// Writes a commit as bytes, and reads it again.
///
/// A version (1 byte), a table of the names and origins that occur, then entries, snapshots and compactions, each after its
/// count (4 bytes): numbers big-endian, texts and data after their length (4). Revisions and positions follow from the
/// order of the log and are not there.
enum CommitCoding {
    private static let version: UInt8 = 1

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
            body.add(entry.timestamp.rawValue)
            body.add(entry.id.rawValue)
            body.bytes += entry.hash.bytes
            body.bytes += logged.digest.bytes
            body.addOptional(entry.payload)
        }
        body.add(UInt32(commit.snapshots.count))
        for kept in commit.snapshots {
            body.add(names.number(of: kept.snapshot.stream.text))
            body.add(kept.snapshot.revision.rawValue)
            body.add(UInt32(kept.snapshot.covers.count))
            for (origin, sequence) in kept.snapshot.covers.sorted(by: { $0.key < $1.key }) {
                body.add(origin.rawValue)
                body.add(sequence)
            }
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
        whole.add(UInt32(names.names.count))
        for name in names.names { whole.add(Array(name.utf8)) }
        whole.bytes += body.bytes
        return whole.bytes
    }

    /// Reads a commit; `nil` where the bytes are none.
    static func decode(_ bytes: [UInt8], id: EntryID) -> Commit? {
        var reader = ByteReader(bytes)
        guard reader.byte() == version, let names = reader.list({ $0.text() }) else { return nil }
        func name(_ reader: inout ByteReader) -> String? {
            reader.number(UInt32.self).flatMap { $0 < names.count ? names[Int($0)] : nil }
        }
        let entries = reader.list { reader -> Commit.Entry? in
            guard let stream = name(&reader), let kind = name(&reader), let origin = reader.number(UInt128.self),
                let sequence = reader.number(UInt64.self), let timestamp = reader.number(UInt64.self),
                let id = reader.number(UInt128.self), let hash = reader.digest(), let digest = reader.digest(),
                let payload = reader.optional()
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
                body: payload.bytes.map { .payload($0) } ?? .compacted(digest),
                hash: hash
            )
            return Commit.Entry(entry: entry, digest: digest)
        }
        let snapshots = reader.list { reader -> Commit.Snapshot? in
            guard let stream = name(&reader), let revision = reader.number(UInt64.self),
                let covers = reader.list({ reader -> (OriginID, UInt64)? in
                    guard let origin = reader.number(UInt128.self), let sequence = reader.number(UInt64.self) else {
                        return nil
                    }
                    return (OriginID(rawValue: origin), sequence)
                }),
                let state = reader.optional()
            else { return nil }
            let snapshot = JournalSnapshot(
                stream: StreamName(stream),
                revision: Revision(rawValue: revision),
                state: state.bytes ?? [],
                covers: Dictionary(covers) { _, last in last }
            )
            return Commit.Snapshot(snapshot: snapshot, isDropped: state.bytes == nil)
        }
        let compactions = reader.list { reader -> Commit.Compaction? in
            guard let stream = name(&reader), let before = reader.number(UInt64.self) else { return nil }
            return Commit.Compaction(stream: StreamName(stream), before: Revision(rawValue: before))
        }
        guard let entries, let snapshots, let compactions, reader.isAtEnd else { return nil }
        return Commit(id: id, entries: entries, snapshots: snapshots, compactions: compactions)
    }
}

/// Names by the order in which they came: each is written once.
private struct NameTable {
    private(set) var names: [String] = []
    // By bytes: names that Swift takes for the same text are two.
    private var numbers: [StreamName: UInt32] = [:]

    mutating func number(of name: String) -> UInt32 {
        if let number = numbers[StreamName(name)] { return number }
        let number = UInt32(names.count)
        names.append(name)
        numbers[StreamName(name)] = number
        return number
    }
}
