#if SQLite
internal import AuraEffects

/// The snapshots of streams: for each stream those that no other one covers.
///
/// A journal on its own keeps one per stream; after a merge of journals that were compacted apart there may be several.
struct JournalSnapshots {
    private let connection: SQLiteConnection
    private let file: String

    init(_ connection: SQLiteConnection, file: String) {
        self.connection = connection
        self.file = file
    }

    /// The snapshot to go on from: the one with the highest revision.
    func latest(of stream: StreamName, number: Int, at place: SQLitePlace) throws(EffectError) -> JournalSnapshot? {
        try all(of: stream, number: number, at: place).last
    }

    /// All snapshots of a stream, by revision.
    func all(of stream: StreamName, number: Int, at place: SQLitePlace) throws(EffectError) -> [JournalSnapshot] {
        let statement = try place.mapping { () throws(SQLiteFailure) in
            try connection.statement(
                "SELECT revision, covers, state, checksum FROM journal_snapshots WHERE stream = ? ORDER BY revision, number"
            )
        }
        statement.bind(number, at: 1)
        var snapshots: [JournalSnapshot] = []
        try statement.forEachRow(failing: { $0.effectError(at: place) }) { row throws(EffectError) in
            let snapshot = JournalSnapshot(
                stream: stream,
                revision: Revision(rawValue: row.uint64(0)),
                state: row.bytes(2),
                covers: Self.decodeCovers(row.bytes(1))
            )
            guard Self.checksum(snapshot) == row.uint64(3) else {
                throw place.error(.corrupted, "\(file): a snapshot of stream '\(stream)' is damaged.")
            }
            snapshots.append(snapshot)
            return true
        }
        return snapshots
    }

    /// Keeps a snapshot and drops those that it covers; one that another covers is dropped itself.
    func keep(_ snapshot: JournalSnapshot, number: Int, at place: SQLitePlace) throws(EffectError) {
        let others = try all(of: snapshot.stream, number: number, at: place)
        let isOutdone = others.contains { $0.covers != snapshot.covers && $0.includes(snapshot) }
        try place.mapping { () throws(SQLiteFailure) in
            for other in others where snapshot.includes(other) {
                let remove = try connection.statement(
                    "DELETE FROM journal_snapshots WHERE stream = ? AND covers = ?"
                )
                remove.bind(number, at: 1)
                remove.bind(copying: Self.encodeCovers(other.covers), at: 2)
                try remove.run()
            }
            if isOutdone { return }
            let insert = try connection.statement(
                "INSERT INTO journal_snapshots (stream, revision, covers, state, checksum) VALUES (?,?,?,?,?)"
            )
            insert.bind(number, at: 1)
            insert.bind(snapshot.revision.rawValue, at: 2)
            insert.bind(copying: Self.encodeCovers(snapshot.covers), at: 3)
            insert.bind(copying: snapshot.state, at: 4)
            insert.bind(Self.checksum(snapshot), at: 5)
            try insert.run()
        }
    }

    // MARK: Encoding

    private static func checksum(_ snapshot: JournalSnapshot) -> UInt64 {
        let covers = unsafe encodeCovers(snapshot.covers).withUnsafeBytes { unsafe XXHash64.hash($0) }
        return unsafe snapshot.state.withUnsafeBytes { state in
            unsafe XXHash64.hash(state, seed: covers ^ snapshot.revision.rawValue)
        }
    }

    /// Origin (16 bytes) and sequence (8), big-endian, in the order of the origins.
    private static func encodeCovers(_ covers: [OriginID: UInt64]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (origin, sequence) in covers.sorted(by: { $0.key < $1.key }) {
            bytes += origin.rawValue.bigEndianBytes
            unsafe withUnsafeBytes(of: sequence.bigEndian) { unsafe bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    private static func decodeCovers(_ bytes: [UInt8]) -> [OriginID: UInt64] {
        var covers: [OriginID: UInt64] = [:]
        for start in stride(from: 0, to: bytes.count - 23, by: 24) {
            let origin = bytes[start..<(start + 16)].reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
            let sequence = bytes[(start + 16)..<(start + 24)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            covers[OriginID(rawValue: origin)] = sequence
        }
        return covers
    }
}

extension JournalSnapshot {
    /// Whether this snapshot stands for every entry that the other one stands for.
    func includes(_ other: JournalSnapshot) -> Bool {
        other.covers.allSatisfy { covers(origin: $0.key, sequence: $0.value) }
    }
}
#endif
