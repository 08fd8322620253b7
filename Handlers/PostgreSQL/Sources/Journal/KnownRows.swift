#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// What the tables hold already of what a batch brings, for the plan of its merge: looked up in a few round trips.
final class KnownRows: KnownEntries {
    private struct Name: Hashable {
        var origin: Int
        var id: EntryID
        var stream: StreamName
    }

    private let state: JournalWriterState
    private let place: PostgreSQLPlace
    private var originNumbers: [OriginID: Int] = [:]
    private var heads: [Int: JournalFrontier.Head] = [:]
    private var highestIDs: [Int: EntryID] = [:]
    /// For each origin the hashes of a run of its entries, from the first sequence on.
    private var hashes: [Int: (first: UInt64, run: [SHA256Digest])] = [:]
    private var known: Set<Name> = []

    init(
        for batch: JournalBatch,
        in state: JournalWriterState,
        at place: PostgreSQLPlace
    ) throws(EffectError) {
        self.state = state
        self.place = place
        try place.mapping { () throws(PostgreSQLFailure) in
            try lookForHeads(of: batch)
            try lookForHashes(of: batch)
            try lookForIDs(of: batch)
        }
    }

    // MARK: Looking

    private var connection: PostgreSQLConnection { state.connection }

    private func lookForHeads(of batch: JournalBatch) throws(PostgreSQLFailure) {
        var origins: Set<OriginID> = state.head.map { [$0.origin] } ?? []
        var last: OriginID?
        for entry in batch.entries where entry.origin != last {
            origins.insert(entry.origin)
            last = entry.origin
        }
        var parameters = PostgreSQLParameters()
        parameters.addArray(of: .uuid, count: origins.count) { parameters in
            for origin in origins.sorted() { parameters.element(uuid: origin.rawValue) }
        }
        let result = try connection.run(
            """
            SELECT e.*, o.id, o.number,
              (SELECT i.id FROM journal_entries AS i WHERE i.origin = o.number ORDER BY i.id DESC LIMIT 1)
            FROM journal_origins AS o LEFT JOIN LATERAL (
              SELECT \(EntryRow.columns(payload: "payload")) FROM journal_entries WHERE origin = o.number
              ORDER BY sequence DESC LIMIT 1) AS e ON true
            WHERE o.id = ANY($1::uuid[])
            """,
            parameters
        )
        for row in result.rows {
            let number = Int(row.int32(13))
            originNumbers[OriginID(rawValue: row.uuid(12))] = number
            guard !row.isNull(0) else { continue }
            // What the next entry is chained to: a damaged one is an error.
            let last = EntryRow(row)
            guard last.isIntact else { throw .damaged(at: last.stored.position) }
            heads[number] = JournalFrontier.Head(sequence: last.stored.sequence, hash: last.stored.hash)
            highestIDs[number] = EntryID(rawValue: row.uuid(14))
        }
    }

    /// The hashes of the known entries among those of the batch, and of the one before each run.
    private func lookForHashes(of batch: JournalBatch) throws(PostgreSQLFailure) {
        var ranges: [Int: (first: UInt64, last: UInt64)] = [:]
        for entry in batch.entries {
            guard let number = originNumbers[entry.origin], let head = heads[number] else { continue }
            let last = min(entry.sequence, head.sequence)
            let first = min(entry.sequence == 0 ? 0 : entry.sequence - 1, head.sequence)
            let range = ranges[number] ?? (first, last)
            ranges[number] = (min(range.first, first), max(range.last, last))
        }
        if ranges.isEmpty { return }
        let sorted = ranges.sorted { $0.key < $1.key }
        var parameters = PostgreSQLParameters()
        parameters.addArray(of: .int4, count: sorted.count) { parameters in
            for (number, _) in sorted { parameters.element(Int32(clamping: number)) }
        }
        parameters.addArray(of: .int8, count: sorted.count) { parameters in
            for (_, range) in sorted { parameters.element(Int64(clamping: range.first)) }
        }
        parameters.addArray(of: .int8, count: sorted.count) { parameters in
            for (_, range) in sorted { parameters.element(Int64(clamping: range.last)) }
        }
        let result = try connection.run(
            """
            SELECT e.origin, e.sequence, e.hash
            FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS r(origin, first, last)
            JOIN journal_entries AS e ON e.origin = r.origin AND e.sequence BETWEEN r.first AND r.last
            ORDER BY e.origin, e.sequence
            """,
            parameters
        )
        for row in result.rows {
            let number = Int(row.int32(0))
            var found = hashes.removeValue(forKey: number) ?? (row.uint64(1), [])
            // A gap, as only damage leaves one: what lies behind it counts as unknown.
            if found.first + UInt64(found.run.count) == row.uint64(1) { found.run.append(row.digest(2)) }
            hashes[number] = found
        }
    }

    /// Which of the batch's new entries have an id that is not above all known ones, and is known.
    private func lookForIDs(of batch: JournalBatch) throws(PostgreSQLFailure) {
        var names: [Name] = []
        for entry in batch.entries {
            guard
                let number = originNumbers[entry.origin],
                let head = heads[number], entry.sequence > head.sequence,
                let highest = highestIDs[number], entry.id <= highest
            else { continue }
            names.append(Name(origin: number, id: entry.id, stream: entry.stream))
        }
        if names.isEmpty { return }
        var parameters = PostgreSQLParameters()
        parameters.addArray(of: .int4, count: names.count) { parameters in
            for name in names { parameters.element(Int32(clamping: name.origin)) }
        }
        parameters.addArray(of: .uuid, count: names.count) { parameters in
            for name in names { parameters.element(uuid: name.id.rawValue) }
        }
        parameters.addArray(of: .bytes, count: names.count) { parameters in
            for name in names { parameters.element(Array(name.stream.text.utf8)) }
        }
        let result = try connection.run(
            """
            SELECT n.ordinality FROM unnest($1::integer[], $2::uuid[], $3::bytea[])
              WITH ORDINALITY AS n(origin, id, stream, ordinality)
            JOIN journal_streams AS s ON s.name = n.stream
            JOIN journal_entries AS e ON e.origin = n.origin AND e.id = n.id AND e.stream = s.number
            """,
            parameters
        )
        for row in result.rows { known.insert(names[row.int(0) - 1]) }
    }

    // MARK: Answers

    func head(of origin: OriginID) throws(EffectError) -> JournalFrontier.Head? {
        originNumbers[origin].flatMap { heads[$0] }
    }

    func hash(of origin: OriginID, sequence: UInt64) throws(EffectError) -> SHA256Digest? {
        guard let number = originNumbers[origin], let found = hashes[number], sequence >= found.first else {
            return nil
        }
        let index = sequence - found.first
        return index < UInt64(found.run.count) ? found.run[Int(index)] : nil
    }

    func contains(_ id: EntryID, of origin: OriginID, in stream: StreamName) throws(EffectError) -> Bool {
        guard !known.isEmpty, let number = originNumbers[origin] else { return false }
        return known.contains(Name(origin: number, id: id, stream: stream))
    }

    func snapshotCoverage(of stream: StreamName) throws(EffectError) -> [OriginID: UInt64]? {
        guard let number = try number(of: stream) else { return nil }
        return try JournalSnapshots(connection: connection, names: state.names, place: place)
            .snapshot(of: stream, number: number)?
            .covers
    }

    func compactedSequences(in stream: StreamName) throws(EffectError) -> [OriginID: UInt64] {
        guard let number = try number(of: stream) else { return [:] }
        return try place.mapping { () throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.add(number)
            let result = try connection.run(
                """
                SELECT origin, max(sequence) FROM journal_entries WHERE stream = $1 AND is_compacted GROUP BY origin
                """,
                parameters
            )
            return try state.names.sequences(result, on: connection)
        }
    }

    private func number(of stream: StreamName) throws(EffectError) -> Int? {
        if let index = state.index(of: stream) { return state[index].number }
        return try place.mapping { () throws(PostgreSQLFailure) in
            var name = PostgreSQLParameters()
            name.add(stream.text)
            return try connection.run("SELECT number FROM journal_streams WHERE name = $1", name).first?.int(0)
        }
    }
}
#endif
