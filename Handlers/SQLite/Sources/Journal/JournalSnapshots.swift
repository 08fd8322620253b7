#if SQLite
internal import AuraEffects
internal import AuraRuntime

/// The snapshots of streams: the last one of each.
struct JournalSnapshots {
    private let connection: SQLiteConnection
    private let names: JournalNames
    private let file: String

    init(_ connection: SQLiteConnection, names: JournalNames, file: String) {
        self.connection = connection
        self.names = names
        self.file = file
    }

    /// The snapshot kept of a stream.
    ///
    /// - Throws: `corrupted` where its checksum does not fit.
    func snapshot(of stream: StreamName, number: Int, at place: SQLitePlace) throws(EffectError) -> JournalSnapshot? {
        let found = try place.mapping { () throws(SQLiteFailure) -> (JournalSnapshot, UInt64)? in
            let statement = try connection.statement(
                "SELECT revision, covers, state, checksum FROM journal_snapshots WHERE stream = ?"
            )
            statement.bind(number, at: 1)
            return try statement.firstRow { row in
                let snapshot = JournalSnapshot(
                    stream: stream,
                    revision: Revision(rawValue: row.uint64(0)),
                    state: row.bytes(2),
                    covers: StoredSnapshot.decodeCovers(row.bytes(1))
                )
                return (snapshot, row.uint64(3))
            }
        }
        guard let (snapshot, checksum) = found else { return nil }
        guard StoredSnapshot.checksum(snapshot) == checksum else {
            throw place.error(.corrupted, "\(file): the snapshot of stream '\(stream)' is damaged; save a new one.")
        }
        return snapshot
    }

    /// Keeps a snapshot in place of the one before.
    func keep(_ snapshot: JournalSnapshot, number: Int, at place: SQLitePlace) throws(EffectError) {
        try place.mapping { () throws(SQLiteFailure) in
            let statement = try connection.statement(
                "INSERT OR REPLACE INTO journal_snapshots (stream, revision, covers, state, checksum) VALUES (?,?,?,?,?)"
            )
            statement.bind(number, at: 1)
            statement.bind(snapshot.revision.rawValue, at: 2)
            statement.bind(copying: StoredSnapshot.encodeCovers(snapshot.covers), at: 3)
            statement.bind(copying: snapshot.state, at: 4)
            statement.bind(StoredSnapshot.checksum(snapshot), at: 5)
            try statement.run()
        }
    }

    /// Moves a snapshot's revision up over the entries that follow and that it covers: those that a merge has brought.
    func raiseRevision(of stream: StreamName, number: Int, at place: SQLitePlace) throws(EffectError) {
        guard var snapshot = try snapshot(of: stream, number: number, at: place) else { return }
        let first = snapshot.revision
        try place.mapping { () throws(SQLiteFailure) in
            let statement = try connection.statement(
                "SELECT origin, sequence FROM journal_entries WHERE stream = ? AND revision >= ? ORDER BY revision"
            )
            statement.bind(number, at: 1)
            statement.bind(first.rawValue, at: 2)
            try statement.forEachRow { row throws(SQLiteFailure) in
                guard snapshot.covers(origin: try names.origin(row.int(0)), sequence: row.uint64(1)) else {
                    return false
                }
                snapshot.revision = snapshot.revision.next
                return true
            }
        }
        if snapshot.revision > first { try keep(snapshot, number: number, at: place) }
    }
}
#endif
