#if SQLite
internal import AuraEffects
internal import AuraRuntime

/// Reads and writes rows of `journal_entries`.
///
/// Each row has a checksum over all its columns, so that a damaged page is noticed on reading, long before the chain is
/// verified.
final class JournalRows {
    static let columns =
        "position, stream, revision, origin, sequence, id, timestamp, kind, is_compacted, payload, hash, checksum"

    let connection: SQLiteConnection
    let names: JournalNames
    let file: String
    private var cachedInsertion: SQLiteStatement?

    init(_ connection: SQLiteConnection, file: String) {
        self.connection = connection
        self.file = file
        names = JournalNames(connection)
    }

    typealias Row = StoredEntry

    // MARK: Reading

    /// The entry in a row whose columns are ``columns``.
    ///
    /// - Throws: `corrupted` where the row's checksum does not fit.
    func entry(_ row: borrowing SQLiteRow, at place: SQLitePlace) throws(EffectError) -> JournalEntry {
        let (stored, isIntact) = Self.stored(row)
        guard isIntact else {
            throw place.error(
                .corrupted,
                "\(file): the entry at position \(stored.position) is damaged; 'verify' lists what else is."
            )
        }
        let body = stored.isCompacted ? JournalEntry.Body.compacted(row.digest(9)) : .payload(row.bytes(9))
        return try place.mapping { () throws(SQLiteFailure) in
            JournalEntry(
                stream: try names.stream(stored.stream),
                revision: Revision(rawValue: stored.revision),
                position: Position(rawValue: stored.position),
                origin: try names.origin(stored.origin),
                sequence: stored.sequence,
                id: stored.id,
                timestamp: stored.timestamp,
                kind: try names.kind(stored.kind),
                body: body,
                hash: stored.hash
            )
        }
    }

    /// The columns of a row, and whether its checksum fits them.
    private static func stored(_ row: borrowing SQLiteRow) -> (Row, isIntact: Bool) {
        let stored = Row(
            position: row.uint64(0),
            stream: row.int(1),
            revision: row.uint64(2),
            origin: row.int(3),
            sequence: row.uint64(4),
            id: EntryID(rawValue: row.uint128(5)),
            timestamp: HybridTimestamp(rawValue: row.uint64(6)),
            kind: row.int(7),
            isCompacted: row.int64(8) != 0,
            hash: row.digest(10)
        )
        let checksum = row.uint64(11)
        let isIntact = unsafe row.withBytes(9) { unsafe stored.checksum(payload: $0) == checksum }
        return (stored, isIntact)
    }

    /// The first entry that a query yields; its columns are ``columns``.
    func firstEntry(
        _ statement: SQLiteStatement,
        at place: SQLitePlace
    ) throws(EffectError) -> JournalEntry? {
        try entries(statement, limit: 1, byteLimit: .max, at: place).first
    }

    /// The entries that a query yields, up to a number of entries or, once there is one, of payload bytes.
    func entries(
        _ statement: SQLiteStatement,
        limit: Int,
        byteLimit: Int,
        at place: SQLitePlace
    ) throws(EffectError) -> [JournalEntry] {
        var entries: [JournalEntry] = []
        var byteCount = 0
        try statement.forEachRow(at: place) { row throws(EffectError) in
            let entry = try self.entry(row, at: place)
            byteCount += entry.payload?.count ?? 0
            entries.append(entry)
            return entries.count < limit && byteCount < byteLimit
        }
        return entries
    }

    /// The last entry of an origin: what the next one is chained to, so a damaged one is an error.
    func head(of origin: Int) throws(SQLiteFailure) -> JournalFrontier.Head? {
        let statement = try connection.statement(
            "SELECT \(Self.columns) FROM journal_entries WHERE origin = ? ORDER BY sequence DESC LIMIT 1"
        )
        statement.bind(origin, at: 1)
        guard let (last, isIntact) = try statement.firstRow({ Self.stored($0) }) else { return nil }
        guard isIntact else {
            throw SQLiteFailure(code: .corrupt, text: "The entry at position \(last.position) is damaged.")
        }
        return JournalFrontier.Head(sequence: last.sequence, hash: last.hash)
    }

    /// The hash of an origin's entry.
    func hash(of origin: Int, sequence: UInt64) throws(SQLiteFailure) -> SHA256Digest? {
        let statement = try connection.statement(
            "SELECT hash FROM journal_entries WHERE origin = ? AND sequence = ?"
        )
        statement.bind(origin, at: 1)
        statement.bind(sequence, at: 2)
        return try statement.firstRow { $0.digest(0) }
    }

    // MARK: Writing

    /// Adds a row with what stands in its payload column; the checksum is computed here.
    func insert(_ row: Row, payload: [UInt8]) throws(SQLiteFailure) {
        let result = unsafe payload.withUnsafeBytes { payload in
            Result { () throws(SQLiteFailure) in unsafe try insert(row, payload: payload) }
        }
        try result.get()
    }

    // Kept beside the connection's other statements: looking it up by its text would cost more than binding it.
    private func insertion() throws(SQLiteFailure) -> SQLiteStatement {
        if let cachedInsertion { return cachedInsertion }
        let statement = try connection.statement(
            "INSERT INTO journal_entries (\(Self.columns)) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"
        )
        cachedInsertion = statement
        return statement
    }

    private func insert(_ row: Row, payload: UnsafeRawBufferPointer) throws(SQLiteFailure) {
        let statement = try insertion()
        let size = 16 + SHA256Digest.byteCount
        let result = unsafe withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { buffer in
            unsafe buffer.storeBytes(of: row.id.rawValue.bigEndian, as: UInt128.self)
            let hash = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[16...])
            unsafe row.hash.store(into: hash)
            statement.bind(row.position, at: 1)
            statement.bind(row.stream, at: 2)
            statement.bind(row.revision, at: 3)
            statement.bind(row.origin, at: 4)
            statement.bind(row.sequence, at: 5)
            unsafe statement.bind(lending: UnsafeRawBufferPointer(rebasing: buffer[..<16]), at: 6)
            statement.bind(row.timestamp.rawValue, at: 7)
            statement.bind(row.kind, at: 8)
            statement.bind(row.isCompacted ? 1 : 0, at: 9)
            unsafe statement.bind(lending: payload, at: 10)
            unsafe statement.bind(lending: UnsafeRawBufferPointer(hash), at: 11)
            unsafe statement.bind(row.checksum(payload: payload), at: 12)
            return Result { () throws(SQLiteFailure) in try statement.run() }
        }
        try result.get()
    }
}
#endif
