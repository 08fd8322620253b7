#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// What a reading session does: queries on the journal's tables.
final class JournalReaderState: PostgreSQLSessionState {
    let connection: PostgreSQLConnection
    let names = JournalNumberNames()
    private var streamNumbers: [StreamName: Int] = [:]
    /// A page ends once it holds this many bytes of payload.
    let pageBytes: Int

    /// Bounds the memory of journals with very many streams.
    private static let cachedStreamCount = 10_000

    init(_ connection: PostgreSQLConnection, _ configuration: PostgreSQLConfiguration) {
        self.connection = connection
        pageBytes = configuration.page.bytes
    }

    // MARK: Entries

    func readAll(after position: Position, limit: Int, at place: PostgreSQLPlace) throws(EffectError) -> [JournalEntry]
    {
        guard position.rawValue < UInt64(Int64.max) else { return [] }
        let reading = EntryReading(connection, names, .positions, limit: limit, byteLimit: pageBytes, at: place)
        try reading.run(from: position.rawValue + 1)
        return reading.entries
    }

    func read(
        _ stream: StreamName,
        from revision: Revision?,
        limit: Int,
        backwards: Bool,
        at place: PostgreSQLPlace
    ) throws(EffectError) -> [JournalEntry] {
        guard let number = try number(of: stream, at: place) else { return [] }
        let from = min(revision?.rawValue ?? (backwards ? .max : 0), UInt64(Int64.max))
        let order = backwards ? EntryReading.Order.revisionsBackwards(stream: number) : .revisions(stream: number)
        let reading = EntryReading(connection, names, order, limit: limit, byteLimit: pageBytes, at: place)
        try reading.run(from: from)
        let floor = reading.floor
        if from < floor, !backwards || revision != nil {
            throw place.error(
                .compacted,
                "The stream \(HandlerErrors.quote(stream.text)) is compacted below revision \(floor): load its latest "
                    + "snapshot and read from there."
            )
        }
        return reading.entries.filter { $0.revision.rawValue >= floor }
    }

    func entry(_ stream: StreamName, id: EntryID, at place: PostgreSQLPlace) throws(EffectError) -> JournalEntry? {
        guard let number = try number(of: stream, at: place) else { return nil }
        let row = try place.mapping { () throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.add(number)
            parameters.add(uuid: id.rawValue)
            let result = try connection.run(
                """
                SELECT \(EntryRow.columns(payload: "payload")) FROM journal_entries
                WHERE stream = $1 AND id = $2 AND origin IN (SELECT number FROM journal_origins)
                ORDER BY revision LIMIT 1
                """,
                parameters,
                canBeInterrupted: true
            )
            let rows = result.rows.map { EntryRow($0) }
            if !names.hasAll(of: rows) { try names.look(for: rows, on: connection) }
            return rows.first
        }
        guard let row else { return nil }
        guard row.isIntact else { throw place.damaged(at: Position(rawValue: row.stored.position)) }
        if row.stored.isCompacted {
            throw place.error(
                .compacted,
                "The entry \(id) of the stream \(HandlerErrors.quote(stream.text)) is compacted: load the stream's latest "
                    + "snapshot."
            )
        }
        return names.entry(row.stored, .payload(row.payload.bytes))
    }

    // MARK: Looking

    /// Counts the changes of the journal.
    func version(at place: PostgreSQLPlace) throws(EffectError) -> Int64 {
        try place.mapping { () throws(PostgreSQLFailure) in
            try connection.run("SELECT version FROM journal_head", canBeInterrupted: true).first?.int64(0) ?? 0
        }
    }

    /// Whose entries the journal writes.
    func origin(at place: PostgreSQLPlace) throws(EffectError) -> OriginID {
        try place.mapping { () throws(PostgreSQLFailure) in
            let result = try connection.run(
                "SELECT o.id FROM journal_head AS h JOIN journal_origins AS o ON o.number = h.origin",
                canBeInterrupted: true
            )
            guard let row = result.first else { throw .missingHead }
            return OriginID(rawValue: row.uuid(0))
        }
    }

    /// The number of a stream; `nil` where it was never named.
    func number(of stream: StreamName, at place: PostgreSQLPlace) throws(EffectError) -> Int? {
        if let number = streamNumbers[stream] { return number }
        return try place.mapping { () throws(PostgreSQLFailure) in
            var name = PostgreSQLParameters()
            name.add(stream.text)
            let row = try connection.run(
                "SELECT number FROM journal_streams WHERE name = $1",
                name,
                canBeInterrupted: true
            )
            guard let number = row.first?.int(0) else { return nil }
            if streamNumbers.count >= Self.cachedStreamCount { streamNumbers.removeAll(keepingCapacity: true) }
            streamNumbers[stream] = number
            return number
        }
    }
}
#endif
