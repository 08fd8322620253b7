#if SQLite
internal import AuraEffects

/// What a reading connection does: queries on the journal's tables.
final class JournalReaderState: SQLiteSessionState {
    let connection: SQLiteConnection
    let rows: JournalRows
    /// A page ends once it holds this many bytes of payload.
    private let pageBytes: Int

    init(_ connection: SQLiteConnection, file: String, pageBytes: Int) {
        self.connection = connection
        self.pageBytes = pageBytes
        rows = JournalRows(connection, file: file)
    }

    func discardCaches() {
        rows.names.discardCaches()
    }

    func readAll(
        after position: Position,
        limit: Int,
        at place: SQLitePlace
    ) throws(EffectError) -> [JournalEntry] {
        let statement = try prepare("WHERE position > ? ORDER BY position LIMIT ?", at: place)
        statement.bind(min(position.rawValue, UInt64(Int64.max)), at: 1)
        statement.bind(limit, at: 2)
        return try rows.entries(statement, limit: limit, byteLimit: pageBytes, at: place)
    }

    func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool,
        at place: SQLitePlace
    ) throws(EffectError) -> [JournalEntry] {
        guard let (number, floor) = try streamAndFloor(stream, at: place) else { return [] }
        let from = min(revision?.rawValue ?? (backwards ? .max : 0), UInt64(Int64.max))
        if from < floor, !backwards || revision != nil {
            throw place.error(
                .compacted,
                "Stream '\(stream)' is compacted below revision \(floor): load its latest snapshot and read from there."
            )
        }
        let statement = try prepare(
            backwards
                ? "WHERE stream = ? AND revision <= ? AND revision >= ? ORDER BY revision DESC LIMIT ?"
                : "WHERE stream = ? AND revision >= ? AND revision >= ? ORDER BY revision LIMIT ?",
            at: place
        )
        statement.bind(number, at: 1)
        statement.bind(from, at: 2)
        statement.bind(floor, at: 3)
        statement.bind(limit, at: 4)
        return try rows.entries(statement, limit: limit, byteLimit: pageBytes, at: place)
    }

    func entry(_ stream: StreamName, id: EntryID, at place: SQLitePlace) throws(EffectError) -> JournalEntry? {
        guard let (number, _) = try streamAndFloor(stream, at: place) else { return nil }
        let statement = try prepare("WHERE stream = ? AND origin = ? AND id = ?", at: place)
        var found: JournalEntry?
        for origin in try originNumbers(at: place) {
            statement.bind(number, at: 1)
            statement.bind(origin, at: 2)
            statement.bind(copying: id.rawValue.bigEndianBytes, at: 3)
            guard let entry = try rows.firstEntry(statement, at: place) else { continue }
            if entry.revision < found?.revision ?? Revision(rawValue: .max) { found = entry }
        }
        if let found, found.payload == nil {
            throw place.error(
                .compacted,
                "The entry \(id) of stream '\(stream)' is compacted: load the stream's latest snapshot."
            )
        }
        return found
    }

    func latestSnapshot(of stream: StreamName, at place: SQLitePlace) throws(EffectError) -> JournalSnapshot? {
        guard let (number, _) = try streamAndFloor(stream, at: place) else { return nil }
        return try snapshots.snapshot(of: stream, number: number, at: place)
    }

    private var snapshots: JournalSnapshots { JournalSnapshots(connection, names: rows.names, file: rows.file) }

    // MARK: Replication

    func frontier(at place: SQLitePlace) throws(EffectError) -> JournalFrontier {
        var heads: [OriginID: JournalFrontier.Head] = [:]
        for origin in try originNumbers(at: place) {
            let head = try place.mapping { () throws(SQLiteFailure) in try rows.head(of: origin) }
            guard let head else { continue }
            heads[try place.mapping { () throws(SQLiteFailure) in try rows.names.origin(origin) }] = head
        }
        return JournalFrontier(heads)
    }

    func entries(
        beyond frontier: JournalFrontier,
        limit: Int,
        at place: SQLitePlace
    ) throws(EffectError) -> JournalBatch {
        let statement = try prepare("WHERE origin = ? AND sequence > ? ORDER BY sequence LIMIT ?", at: place)
        var entries: [JournalEntry] = []
        var restBytes = pageBytes
        var hasMore = false
        for number in try originNumbers(at: place) {
            let origin = try place.mapping { () throws(SQLiteFailure) in try rows.names.origin(number) }
            let known = frontier.heads[origin]
            if let known { try check(known, of: origin, number: number, at: place) }
            let rest = limit - entries.count
            if rest > 0, restBytes > 0 {
                statement.bind(number, at: 1)
                statement.bind(min(known?.sequence ?? 0, UInt64(Int64.max)), at: 2)
                statement.bind(rest, at: 3)
                let page = try rows.entries(statement, limit: rest, byteLimit: restBytes, at: place)
                restBytes -= page.reduce(0) { $0 + ($1.payload?.count ?? 0) }
                entries += page
            }
            let last = entries.last { $0.origin == origin }?.sequence ?? known?.sequence ?? 0
            let head = try place.mapping { () throws(SQLiteFailure) in try rows.head(of: number) }
            hasMore = hasMore || last < head?.sequence ?? 0
        }
        var needed: [JournalSnapshot] = []
        for stream in Set(entries.filter { $0.payload == nil }.map(\.stream)).sorted() {
            if let snapshot = try latestSnapshot(of: stream, at: place) { needed.append(snapshot) }
        }
        return JournalBatch(entries: entries, snapshots: needed, hasMore: hasMore)
    }

    /// Refuses a head of another journal that this journal's chain contradicts.
    private func check(
        _ head: JournalFrontier.Head,
        of origin: OriginID,
        number: Int,
        at place: SQLitePlace
    ) throws(EffectError) {
        let known = try place.mapping { () throws(SQLiteFailure) in
            try rows.hash(of: number, sequence: head.sequence)
        }
        guard let known, known != head.hash else { return }
        throw place.error(
            .conflict,
            "The chain of origin \(origin) forks at or below sequence \(head.sequence): two journals wrote under one "
                + "origin. Let one of them adopt a new origin."
        )
    }

    // MARK: Helpers

    private func prepare(_ condition: String, at place: SQLitePlace) throws(EffectError) -> SQLiteStatement {
        try place.mapping { () throws(SQLiteFailure) in
            try connection.statement("SELECT \(JournalRows.columns) FROM journal_entries \(condition)")
        }
    }

    private func streamAndFloor(
        _ stream: StreamName,
        at place: SQLitePlace
    ) throws(EffectError) -> (number: Int, floor: UInt64)? {
        try place.mapping { () throws(SQLiteFailure) in
            let statement = try connection.statement("SELECT number, floor FROM journal_streams WHERE name = ?")
            statement.bind(copying: Array(stream.text.utf8), at: 1)
            return try statement.firstRow { ($0.int(0), $0.uint64(1)) }
        }
    }

    private func originNumbers(at place: SQLitePlace) throws(EffectError) -> [Int] {
        try place.mapping { () throws(SQLiteFailure) in
            var numbers: [Int] = []
            try connection.statement("SELECT number FROM journal_origins ORDER BY number")
                .forEachRow { row throws(SQLiteFailure) in
                    numbers.append(row.int(0))
                    return true
                }
            return numbers
        }
    }

    /// Whose entries the journal writes, and whether it was last written in another file.
    func identity(in file: UInt64?) throws(SQLiteFailure) -> JournalIdentity {
        let local = try connection.statement("SELECT number FROM journal_origins WHERE is_local = 1")
        guard let number = try local.firstRow({ $0.int(0) }) else {
            throw SQLiteFailure(code: .corrupt, text: "The journal has no origin of its own.")
        }
        let home = try connection.statement("SELECT file FROM journal_home").firstRow { $0.uint64(0) }
        return JournalIdentity(origin: try rows.names.origin(number), isCopy: home != nil && home != file)
    }
}
#endif
