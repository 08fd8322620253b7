#if SQLite
internal import AuraEffects

/// What a writer knows of the journal: its head and its streams, as long as no other process has written.
final class JournalWriterState: SQLiteSessionState {
    /// What is known of a stream.
    struct Stream {
        var number: Int
        var nextRevision: UInt64
        /// No id of the local origin in the stream is higher than this: a higher one is new without a look-up.
        var highestID: EntryID?
    }

    /// The head of the journal and of its own chain.
    struct Head {
        var origin: OriginID
        var originNumber: Int
        var sequence: UInt64
        var hash: SHA256Digest
        var position: UInt64
        var clock: HybridLogicalClock
        /// The highest id of the local origin in any stream.
        var highestID: EntryID?
    }

    /// Bounds the memory of journals with very many streams.
    private static let cachedStreamCount = 10_000

    let connection: SQLiteConnection
    let rows: JournalRows
    private var dataVersion: Int64?
    private var cachedHead: Head?
    private var streams: [StreamName: Stream] = [:]

    init(_ connection: SQLiteConnection, file: String) {
        self.connection = connection
        rows = JournalRows(connection, file: file)
    }

    var names: JournalNames { rows.names }

    func discardCaches() {
        dataVersion = nil
        cachedHead = nil
        streams.removeAll(keepingCapacity: true)
        names.discardCaches()
    }

    /// The head, read again where another process has written; inside a write transaction.
    func head() throws(SQLiteFailure) -> Head {
        let version = try connection.dataVersion()
        if version == dataVersion, let cachedHead { return cachedHead }
        streams.removeAll(keepingCapacity: true)
        let head = try readHead()
        dataVersion = version
        cachedHead = head
        return head
    }

    /// Keeps what a transaction made of the head.
    func setHead(_ head: Head) {
        cachedHead = head
    }

    private func readHead() throws(SQLiteFailure) -> Head {
        let local = try connection.statement("SELECT number FROM journal_origins WHERE is_local = 1")
        guard let number = try local.firstRow({ $0.int(0) }) else {
            throw SQLiteFailure(code: .corrupt, text: "The journal has no origin of its own.")
        }
        let own = try rows.head(of: number)
        let newest =
            try connection.statement(
                "SELECT position, timestamp FROM journal_entries ORDER BY position DESC LIMIT 1"
            )
            .firstRow { ($0.uint64(0), $0.uint64(1)) }
        return Head(
            origin: try names.origin(number),
            originNumber: number,
            sequence: own?.sequence ?? 0,
            hash: own?.hash ?? .zero,
            position: newest?.0 ?? 0,
            clock: HybridLogicalClock(last: HybridTimestamp(rawValue: try highestTimestamp(newest?.1))),
            highestID: try highestID(of: number)
        )
    }

    // Ids are ordered by time, so the index begins with them: new entries of all streams land on one page.
    func highestID(of origin: Int) throws(SQLiteFailure) -> EntryID? {
        let statement = try connection.statement(
            "SELECT id FROM journal_entries WHERE origin = ? ORDER BY id DESC LIMIT 1"
        )
        statement.bind(origin, at: 1)
        return try statement.firstRow { EntryID(rawValue: $0.uint128(0)) }
    }

    /// The highest timestamp of any origin's last entry: where the clock has to go on from.
    private func highestTimestamp(_ newest: UInt64?) throws(SQLiteFailure) -> UInt64 {
        let statement = try connection.statement(
            """
            SELECT (SELECT timestamp FROM journal_entries WHERE origin = o.number ORDER BY sequence DESC LIMIT 1)
            FROM journal_origins AS o
            """
        )
        var highest = newest ?? 0
        try statement.forEachRow { row throws(SQLiteFailure) in
            highest = max(highest, row.isNull(0) ? 0 : row.uint64(0))
            return true
        }
        return highest
    }

    // MARK: Origin

    /// Gives a new journal its origin; one that has an origin keeps it.
    func ensureOrigin(_ origin: OriginID) throws(SQLiteFailure) {
        let local = try connection.integer("SELECT count(*) FROM journal_origins WHERE is_local = 1")
        if local == 0 { try adopt(origin) }
    }

    /// Makes `origin` the one that new entries are written under.
    func adopt(_ origin: OriginID) throws(SQLiteFailure) {
        try connection.execute("UPDATE journal_origins SET is_local = 0 WHERE is_local = 1")
        let number = try names.originNumber(adding: origin)
        let statement = try connection.statement("UPDATE journal_origins SET is_local = 1 WHERE number = ?")
        statement.bind(number, at: 1)
        try statement.run()
        cachedHead = nil
    }

    /// Whether the journal was last written in this very file, or never; a copy or a restored backup was not.
    func isAtHome(_ file: UInt64) throws(SQLiteFailure) -> Bool {
        let home = try connection.statement("SELECT file FROM journal_home").firstRow { $0.uint64(0) }
        if home == nil { try settle(in: file) }
        return home == nil || home == file
    }

    /// Remembers the file that the journal is written in.
    func settle(in file: UInt64) throws(SQLiteFailure) {
        try connection.execute("DELETE FROM journal_home")
        let statement = try connection.statement("INSERT INTO journal_home (file) VALUES (?)")
        statement.bind(file, at: 1)
        try statement.run()
    }

    // MARK: Streams

    /// What is known of a stream; `nil` where it has no entries yet.
    func stream(_ name: StreamName, head: Head) throws(SQLiteFailure) -> Stream? {
        if let stream = streams[name] { return stream }
        guard let number = try names.streamNumber(name) else { return nil }
        let last = try connection.statement("SELECT max(revision) FROM journal_entries WHERE stream = ?")
        last.bind(number, at: 1)
        let nextRevision = try last.firstRow { $0.isNull(0) ? 0 : $0.uint64(0) + 1 } ?? 0
        let stream = Stream(number: number, nextRevision: nextRevision, highestID: head.highestID)
        setStream(stream, name)
        return stream
    }

    /// What is known of a stream; one without entries gets a number.
    func stream(adding name: StreamName, head: Head) throws(SQLiteFailure) -> Stream {
        if let stream = try stream(name, head: head) { return stream }
        return Stream(number: try names.addStream(name), nextRevision: 0, highestID: nil)
    }

    /// Keeps what a transaction made of a stream.
    func setStream(_ stream: Stream, _ name: StreamName) {
        if streams.count >= Self.cachedStreamCount { streams.removeAll(keepingCapacity: true) }
        streams[name] = stream
    }

    /// The entry of an origin with an id in a stream.
    func entry(
        stream: Int,
        origin: Int,
        id: EntryID,
        at place: SQLitePlace
    ) throws(EffectError) -> JournalEntry? {
        let statement = try place.mapping { () throws(SQLiteFailure) in
            try connection.statement(
                """
                SELECT \(JournalRows.columns) FROM journal_entries WHERE origin = ? AND id = ? AND stream = ?
                """
            )
        }
        statement.bind(origin, at: 1)
        statement.bind(copying: id.rawValue.bigEndianBytes, at: 2)
        statement.bind(stream, at: 3)
        return try rows.firstEntry(statement, at: place)
    }
}
#endif
