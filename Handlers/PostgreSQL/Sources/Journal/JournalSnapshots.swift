#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// The snapshots of streams: the last one of each.
struct JournalSnapshots {
    let connection: PostgreSQLConnection
    let names: JournalNumberNames
    let place: PostgreSQLPlace

    /// The snapshots kept of some streams, by their numbers.
    ///
    /// - Throws: `corrupted` where a checksum does not fit.
    func snapshots(of streams: [Int: StreamName]) throws(EffectError) -> [Int: JournalSnapshot] {
        let result = try place.mapping { () throws(PostgreSQLFailure) in
            var numbers = PostgreSQLParameters()
            numbers.addArray(of: .int8, count: streams.count) { parameters in
                for number in streams.keys.sorted() { parameters.element(Int64(number)) }
            }
            return try connection.run(
                "SELECT stream, revision, covers, state, checksum FROM journal_snapshots WHERE stream = ANY($1::bigint[])",
                numbers,
                canBeInterrupted: true
            )
        }
        var snapshots: [Int: JournalSnapshot] = [:]
        for row in result.rows {
            guard let stream = streams[row.int(0)] else { continue }
            let snapshot = JournalSnapshot(
                stream: stream,
                revision: Revision(rawValue: row.uint64(1)),
                state: row.bytes(3),
                covers: StoredSnapshot.decodeCovers(row.bytes(2))
            )
            guard StoredSnapshot.checksum(snapshot) == row.uint64(4) else {
                throw place.error(
                    .corrupted,
                    "\(place.database): the snapshot of the stream \(HandlerErrors.quote(stream.text)) is damaged; save a "
                        + "new one."
                )
            }
            snapshots[row.int(0)] = snapshot
        }
        return snapshots
    }

    /// The snapshot kept of a stream.
    func snapshot(of stream: StreamName, number: Int) throws(EffectError) -> JournalSnapshot? {
        try snapshots(of: [number: stream])[number]
    }

    /// Keeps a snapshot in place of the one before.
    func keep(_ snapshot: JournalSnapshot, number: Int) throws(EffectError) {
        try place.mapping { () throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.add(number)
            parameters.add(snapshot.revision.rawValue)
            parameters.add(StoredSnapshot.encodeCovers(snapshot.covers))
            parameters.add(snapshot.state)
            parameters.add(Int64(bitPattern: StoredSnapshot.checksum(snapshot)))
            _ = try connection.run(
                """
                INSERT INTO journal_snapshots (stream, revision, covers, state, checksum) VALUES ($1, $2, $3, $4, $5)
                ON CONFLICT (stream) DO UPDATE
                SET revision = excluded.revision, covers = excluded.covers, state = excluded.state,
                  checksum = excluded.checksum
                """,
                parameters
            )
        }
    }

    /// Moves the revisions of snapshots up over the entries that follow and that they cover: those that a merge has brought.
    func raiseRevisions(of streams: [Int: StreamName]) throws(EffectError) {
        for (number, kept) in try snapshots(of: streams).sorted(by: { $0.key < $1.key }) {
            var snapshot = kept
            while try raiseRevision(of: &snapshot, number: number) {}
            if snapshot.revision > kept.revision { try keep(snapshot, number: number) }
        }
    }

    private static let rowsAtOnce = 1000

    /// Raises a revision by at most a page of entries.
    ///
    /// - Returns: Whether more may follow.
    private func raiseRevision(of snapshot: inout JournalSnapshot, number: Int) throws(EffectError) -> Bool {
        let first = snapshot.revision
        let (result, origins) = try place.mapping { () throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.add(number)
            parameters.add(first.rawValue)
            let result = try connection.run(
                """
                SELECT origin, sequence FROM journal_entries WHERE stream = $1 AND revision >= $2
                ORDER BY revision LIMIT \(Self.rowsAtOnce)
                """,
                parameters
            )
            return (result, try names.origins(result.rows.map { Int($0.int32(0)) }, on: connection))
        }
        for row in result.rows {
            guard
                let origin = origins[Int(row.int32(0))],
                snapshot.covers(origin: origin, sequence: row.uint64(1))
            else { return false }
            snapshot.revision = snapshot.revision.next
        }
        return result.rowCount == Self.rowsAtOnce
    }
}
#endif
