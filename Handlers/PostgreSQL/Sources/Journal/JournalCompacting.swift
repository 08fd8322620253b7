#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// Saves snapshots and drops payloads below them, inside transactions that hold the head's lock.
struct JournalCompacting {
    let state: JournalWriterState
    let place: PostgreSQLPlace

    private var connection: PostgreSQLConnection { state.connection }

    var snapshots: JournalSnapshots {
        JournalSnapshots(connection: state.connection, names: state.names, place: place)
    }

    // MARK: Snapshots

    func save(_ snapshot: JournalSnapshot) throws(EffectError) {
        // A stream without entries may have a snapshot too: what its application begins with.
        let stream = try place.mapping { () throws(PostgreSQLFailure) in try state.stream(adding: snapshot.stream) }
        let end = stream.nextRevision
        let name = HandlerErrors.quote(snapshot.stream.text)
        guard snapshot.revision.rawValue <= end else {
            throw place.error(
                .invalidArgument,
                "The stream \(name) ends before revision \(end): a snapshot of it cannot stand for \(snapshot.revision) "
                    + "entries."
            )
        }
        let kept = try snapshots.snapshot(of: snapshot.stream, number: stream.number)
        if let kept, kept.revision > snapshot.revision {
            throw place.error(
                .preconditionFailed,
                "A snapshot of the stream \(name) at revision \(kept.revision) is kept already."
            )
        }
        try checkNothingCompacted(in: stream.number, from: snapshot)
        var complete = snapshot
        complete.covers = try coverage(of: stream.number, below: snapshot.revision)
        try snapshots.keep(complete, number: stream.number)
    }

    /// What merging brought in compacted may lie above a gap: its state is in the kept snapshot alone.
    private func checkNothingCompacted(in stream: Int, from snapshot: JournalSnapshot) throws(EffectError) {
        let isAnyCompacted = try place.mapping { () throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.add(stream)
            parameters.add(snapshot.revision.rawValue)
            return try connection
                .run(
                    "SELECT 1 FROM journal_entries WHERE stream = $1 AND revision >= $2 AND is_compacted LIMIT 1",
                    parameters
                )
                .rowCount > 0
        }
        guard isAnyCompacted else { return }
        throw place.error(
            .preconditionFailed,
            "The stream \(HandlerErrors.quote(snapshot.stream.text)) has compacted entries beyond revision "
                + "\(snapshot.revision): save a snapshot that stands for them too."
        )
    }

    /// For each origin the highest sequence among a stream's entries below a revision.
    private func coverage(of stream: Int, below revision: Revision) throws(EffectError) -> [OriginID: UInt64] {
        try place.mapping { () throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.add(stream)
            parameters.add(revision.rawValue)
            let result = try connection.run(
                """
                SELECT origin, max(sequence) FROM journal_entries WHERE stream = $1 AND revision < $2 GROUP BY origin
                """,
                parameters
            )
            return try state.names.sequences(result, on: connection)
        }
    }

    // MARK: Compaction

    /// How many entries one transaction compacts, so that appends get their turn in between.
    private static let chunkSize = 500

    /// How many bytes of payload one transaction compacts, so that it fits into any budget.
    private static let chunkBytes = 1024 * 1024

    /// Drops the payloads of the next entries below a revision, where a snapshot covers them.
    ///
    /// - Returns: Whether there may be more.
    func compactChunk(of stream: StreamName, before revision: Revision) throws(EffectError) -> Bool {
        if revision == .first { return false }
        let number = try place.mapping { () throws(PostgreSQLFailure) in try state.stream(adding: stream).number }
        let latest = try snapshots.snapshot(of: stream, number: number)
        guard let latest, latest.revision >= revision else {
            throw place.error(
                .preconditionFailed,
                "No snapshot of the stream \(HandlerErrors.quote(stream.text)) covers its entries below revision "
                    + "\(revision): save one first."
            )
        }
        let floor = try floor(of: number)
        guard floor < revision.rawValue else { return false }
        let limit = Int(clamping: min(UInt64(Self.chunkSize), revision.rawValue - floor))
        let reading = EntryReading(
            connection,
            state.names,
            .revisions(stream: number),
            limit: limit,
            byteLimit: Self.chunkBytes,
            at: place
        )
        reading.keepsStored = true
        try reading.run(from: floor)
        try place.mapping { () throws(PostgreSQLFailure) in
            try drop(reading)
            try raiseFloors(of: [number])
        }
        guard let last = reading.entries.last else { return false }
        return last.revision.next < revision
    }

    private func drop(_ reading: EntryReading) throws(PostgreSQLFailure) {
        var rows: [(position: UInt64, digest: [UInt8], checksum: UInt64)] = []
        for (entry, stored) in zip(reading.entries, reading.stored) where entry.payload != nil {
            let digest = entry.payloadDigest.bytes
            var compacted = stored
            compacted.isCompacted = true
            rows.append((stored.position, digest, compacted.checksum(payload: digest)))
        }
        if rows.isEmpty { return }
        var parameters = PostgreSQLParameters()
        parameters.addArray(of: .int8, count: rows.count) { parameters in
            for row in rows { parameters.element(Int64(row.position)) }
        }
        parameters.addArray(of: .bytes, count: rows.count) { parameters in
            for row in rows { parameters.element(row.digest) }
        }
        parameters.addArray(of: .int8, count: rows.count) { parameters in
            for row in rows { parameters.element(Int64(bitPattern: row.checksum)) }
        }
        _ = try connection.run(
            """
            UPDATE journal_entries AS e SET payload = r.digest, is_compacted = true, checksum = r.checksum
            FROM unnest($1::bigint[], $2::bytea[], $3::bigint[]) AS r(position, digest, checksum)
            WHERE e.position = r.position
            """,
            parameters
        )
    }

    private func floor(of stream: Int) throws(EffectError) -> UInt64 {
        try place.mapping { () throws(PostgreSQLFailure) in
            var number = PostgreSQLParameters()
            number.add(stream)
            return try connection.run("SELECT floor FROM journal_streams WHERE number = $1", number).first?.uint64(0)
                ?? 0
        }
    }

    /// Moves the floors of streams up to their first entries that have a payload.
    func raiseFloors(of streams: some Sequence<Int>) throws(PostgreSQLFailure) {
        let streams = streams.sorted()
        var numbers = PostgreSQLParameters()
        numbers.addArray(of: .int8, count: streams.count) { parameters in
            for number in streams { parameters.element(Int64(number)) }
        }
        _ = try connection.run(
            """
            UPDATE journal_streams AS s SET floor = f.raised
            FROM (
              SELECT number, coalesce(
                (SELECT revision FROM journal_entries AS e
                 WHERE e.stream = number AND e.revision >= floor AND NOT e.is_compacted ORDER BY revision LIMIT 1),
                (SELECT max(revision) + 1 FROM journal_entries AS e WHERE e.stream = number)) AS raised
              FROM journal_streams WHERE number = ANY($1::bigint[])) AS f
            WHERE s.number = f.number AND f.raised > s.floor
            """,
            numbers
        )
    }
}

extension JournalWriterState {
    /// What is known of a stream; a new one gets a number.
    ///
    /// Inside a transaction that holds the head's lock.
    func stream(adding name: StreamName) throws(PostgreSQLFailure) -> Stream {
        trim()
        var lookUp = AppendLookUp(streams: [name], kinds: [], self)
        if !lookUp.isEmpty { try lookUp.runLocked(self) }
        guard let index = index(of: name) else { throw .missingName }
        return self[index]
    }
}

extension JournalNumberNames {
    /// What a query of origin numbers and sequences yields.
    func sequences(
        _ result: PostgreSQLResult,
        on connection: PostgreSQLConnection
    ) throws(PostgreSQLFailure) -> [OriginID: UInt64] {
        let origins = try origins(result.rows.map { Int($0.int32(0)) }, on: connection)
        var sequences: [OriginID: UInt64] = [:]
        for row in result.rows {
            guard let origin = origins[Int(row.int32(0))] else { throw .missingName }
            sequences[origin] = row.uint64(1)
        }
        return sequences
    }
}

extension PostgreSQLFailure {
    static var missingName: PostgreSQLFailure {
        PostgreSQLFailure(kind: .unexpectedAnswer, text: "A name has no number, or a number no name.")
    }
}
#endif
