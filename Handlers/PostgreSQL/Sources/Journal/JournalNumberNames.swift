#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// Names for numbers: the tables of streams, origins and kinds, with what was looked up before.
///
/// A number never gets another name, so only a transaction that was rolled back makes what was looked up wrong.
final class JournalNumberNames {
    /// Bounds the memory of journals with very many streams.
    private static let cachedStreamCount = 10_000

    private var streams: [Int: StreamName] = [:]
    private var origins: [Int: OriginID] = [:]
    private var kinds: [Int: EntryKind] = [:]

    /// Forgets everything: a number that was given in a transaction which did not commit is given again.
    func forget() {
        streams.removeAll(keepingCapacity: true)
        origins.removeAll(keepingCapacity: true)
        kinds.removeAll(keepingCapacity: true)
    }

    /// Whether everything is known that these rows need.
    func hasAll(of rows: [EntryRow]) -> Bool {
        var last: StoredEntry?
        for row in rows {
            let stored = row.stored
            // Entries of one stream, one origin and one kind often follow one another.
            if let last, last.stream == stored.stream, last.origin == stored.origin, last.kind == stored.kind {
                continue
            }
            if streams[stored.stream] == nil || origins[stored.origin] == nil || kinds[stored.kind] == nil {
                return false
            }
            last = stored
        }
        return true
    }

    /// Looks up what these rows need and is not known, in one round trip.
    func look(
        for rows: [EntryRow],
        on connection: PostgreSQLConnection
    ) throws(PostgreSQLFailure) {
        var missingStreams: Set<Int> = []
        var missingOrigins: Set<Int> = []
        var missingKinds: Set<Int> = []
        for row in rows {
            if streams[row.stored.stream] == nil { missingStreams.insert(row.stored.stream) }
            if origins[row.stored.origin] == nil { missingOrigins.insert(row.stored.origin) }
            if kinds[row.stored.kind] == nil { missingKinds.insert(row.stored.kind) }
        }
        if streams.count + missingStreams.count > Self.cachedStreamCount {
            streams.removeAll(keepingCapacity: true)
            missingStreams.formUnion(rows.map(\.stored.stream))
        }
        var batch = PostgreSQLBatch()
        batch.add(
            "SELECT number, name FROM journal_streams WHERE number = ANY($1::bigint[])",
            Self.bigints(missingStreams)
        )
        batch.add(
            "SELECT number, id FROM journal_origins WHERE number = ANY($1::integer[])",
            Self.integers(missingOrigins)
        )
        batch.add(
            "SELECT number, name FROM journal_kinds WHERE number = ANY($1::integer[])",
            Self.integers(missingKinds)
        )
        let results = try connection.run(batch, canBeInterrupted: true)
        for row in results[0].rows { streams[row.int(0)] = StreamName(row.text(1)) }
        for row in results[1].rows { origins[Int(row.int32(0))] = OriginID(rawValue: row.uuid(1)) }
        for row in results[2].rows { kinds[Int(row.int32(0))] = EntryKind(row.text(1)) }
    }

    private static func bigints(_ numbers: Set<Int>) -> PostgreSQLParameters {
        var parameters = PostgreSQLParameters()
        parameters.addArray(of: .int8, count: numbers.count) { parameters in
            for number in numbers.sorted() { parameters.element(Int64(number)) }
        }
        return parameters
    }

    private static func integers(_ numbers: Set<Int>) -> PostgreSQLParameters {
        var parameters = PostgreSQLParameters()
        parameters.addArray(of: .int4, count: numbers.count) { parameters in
            for number in numbers.sorted() { parameters.element(Int32(clamping: number)) }
        }
        return parameters
    }

    /// The origins with these numbers.
    func origins(
        _ numbers: some Sequence<Int>,
        on connection: PostgreSQLConnection
    ) throws(PostgreSQLFailure) -> [Int: OriginID] {
        let missing = Set(numbers.filter { origins[$0] == nil })
        if !missing.isEmpty {
            let found = try connection.run(
                "SELECT number, id FROM journal_origins WHERE number = ANY($1::integer[])",
                Self.integers(missing),
                canBeInterrupted: true
            )
            for row in found.rows { origins[Int(row.int32(0))] = OriginID(rawValue: row.uuid(1)) }
        }
        return origins
    }

    /// The entry that a row stands for, whose names were looked up; `nil` where one is missing.
    func entry(_ row: StoredEntry, _ body: JournalEntry.Body) -> JournalEntry? {
        guard let stream = streams[row.stream], let origin = origins[row.origin], let kind = kinds[row.kind] else {
            return nil
        }
        return JournalEntry(
            stream: stream,
            revision: Revision(rawValue: row.revision),
            position: Position(rawValue: row.position),
            origin: origin,
            sequence: row.sequence,
            id: row.id,
            timestamp: row.timestamp,
            kind: kind,
            body: body,
            hash: row.hash
        )
    }
}
#endif
