#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

extension JournalReaderState {
    private static let verifiedAtOnce = 2000

    /// Checks the next page of entries.
    ///
    /// - Returns: Whether there is more.
    func verifyPage(
        _ before: JournalVerifying,
        at place: PostgreSQLPlace
    ) throws(EffectError) -> (JournalVerifying, hasMore: Bool) {
        var verifying = before
        let reading = EntryReading(
            connection,
            names,
            .positions,
            limit: Self.verifiedAtOnce,
            byteLimit: pageBytes,
            at: place
        )
        do throws(EffectError) {
            try reading.run(from: verifying.position.rawValue + 1, skipsDamaged: true)
        } catch {
            guard error.code == .corrupted else { throw error }
            // What lies behind it cannot be reached in order.
            verifying.note("the database is damaged after this position", at: verifying.position)
            return (verifying, false)
        }
        var damaged = reading.damaged[...]
        func noteDamaged(before position: Position?) {
            while let next = damaged.first, position.map({ next < $0 }) ?? true, !verifying.isFull {
                damaged.removeFirst()
                verifying.note("the entry is damaged", at: next)
                verifying.skip(to: next)
            }
        }
        for entry in reading.entries where !verifying.isFull {
            noteDamaged(before: entry.position)
            verifying.check(entry)
        }
        noteDamaged(before: nil)
        return (verifying, reading.rowCount > 0 && !verifying.isFull)
    }

    /// Checks that every stream's revisions are 0, 1, 2 … without gaps, and that the head is that of the entries.
    func verifyWhole(_ before: JournalVerifying, at place: PostgreSQLPlace) throws(EffectError) -> JournalVerifying {
        var verifying = before
        do throws(EffectError) {
            try place.mapping { () throws(PostgreSQLFailure) in
                try checkRevisions(&verifying)
                try checkHead(&verifying)
            }
        } catch {
            guard error.code == .corrupted else { throw error }
            verifying.note("an index of the entries is damaged")
        }
        return verifying
    }

    /// By the index, since a journal may have more streams than fit into memory.
    private func checkRevisions(_ verifying: inout JournalVerifying) throws(PostgreSQLFailure) {
        let result = try connection.run(
            """
            SELECT s.name, r.entries, r.last FROM (
              SELECT stream, count(*) AS entries, min(revision) AS first, max(revision) AS last
              FROM journal_entries GROUP BY stream) AS r
            LEFT JOIN journal_streams AS s ON s.number = r.stream
            WHERE r.first <> 0 OR r.last <> r.entries - 1 OR s.name IS NULL
            ORDER BY r.stream LIMIT \(VerificationReport.maximumProblemCount)
            """,
            canBeInterrupted: true
        )
        for row in result.rows where !verifying.isFull {
            if row.isNull(0) {
                verifying.note("a stream has \(row.int(1)) entries and no name")
                continue
            }
            let name = HandlerErrors.quote(row.text(0))
            verifying.note("the stream \(name) has \(row.int(1)) entries but ends at revision \(row.int(2))")
        }
    }

    private func checkHead(_ verifying: inout JournalVerifying) throws(PostgreSQLFailure) {
        let result = try connection.run(
            """
            SELECT h.position = coalesce((SELECT max(position) FROM journal_entries), 0),
              h.sequence = coalesce(e.sequence, 0) AND h.hash = coalesce(e.hash, $1::bytea),
              h.clock >= coalesce(e.timestamp, 0),
              h.highest_id IS NOT DISTINCT FROM
                (SELECT id FROM journal_entries WHERE origin = h.origin ORDER BY id DESC LIMIT 1)
            FROM journal_head AS h LEFT JOIN LATERAL (
              SELECT sequence, hash, timestamp FROM journal_entries WHERE origin = h.origin
              ORDER BY sequence DESC LIMIT 1) AS e ON true
            """,
            Self.zeroDigest(),
            canBeInterrupted: true
        )
        guard let row = result.first else {
            verifying.note("the journal has no head")
            return
        }
        let parts = ["position", "own chain", "clock", "highest id"]
        for (column, part) in parts.enumerated() where !row.bool(column) {
            verifying.note("the head's \(part) is not that of the entries")
        }
    }

    private static func zeroDigest() -> PostgreSQLParameters {
        var parameters = PostgreSQLParameters()
        parameters.add(SHA256Digest.zero)
        return parameters
    }
}
#endif
