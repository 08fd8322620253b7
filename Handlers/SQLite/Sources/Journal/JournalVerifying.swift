#if SQLite
internal import AuraEffects
internal import AuraRuntime

extension JournalReaderState {
    /// Checks the next page of entries.
    ///
    /// - Returns: Whether there is more.
    func verifyPage(
        _ verifying: JournalVerifying,
        limit: Int,
        at place: SQLitePlace
    ) throws(EffectError) -> (JournalVerifying, hasMore: Bool) {
        var verifying = verifying
        let statement = try place.mapping { () throws(SQLiteFailure) in
            try connection.statement(
                "SELECT \(JournalRows.columns) FROM journal_entries WHERE position > ? ORDER BY position LIMIT ?"
            )
        }
        statement.bind(verifying.position.rawValue, at: 1)
        statement.bind(limit, at: 2)
        var count = 0
        do {
            try statement.forEachRow(at: place) { row throws(EffectError) in
                count += 1
                let position = Position(rawValue: row.uint64(0))
                do throws(EffectError) {
                    verifying.check(try rows.entry(row, at: place))
                } catch {
                    guard error.code == .corrupted else { throw error }
                    verifying.note("the entry is damaged", at: position)
                    verifying.skip(to: position)
                }
                return !verifying.isFull
            }
        } catch {
            guard error.code == .corrupted else { throw error }
            // A damaged page: what lies behind it cannot be reached in order.
            verifying.note("the database is damaged after this position", at: verifying.position)
            return (verifying, false)
        }
        return (verifying, count == limit && !verifying.isFull)
    }

    /// Checks that every stream's revisions are 0, 1, 2 … without gaps: by the index, since a journal may have more streams
    /// than fit into memory.
    func checkRevisions(_ verifying: JournalVerifying, at place: SQLitePlace) throws(EffectError) -> JournalVerifying {
        var verifying = verifying
        do {
            try place.mapping { () throws(SQLiteFailure) in
                try connection.statement(
                    """
                    SELECT stream, count(*), max(revision) FROM journal_entries GROUP BY stream
                    HAVING min(revision) <> 0 OR max(revision) <> count(*) - 1
                    """
                )
                .forEachRow { row throws(SQLiteFailure) in
                    let name = try rows.names.stream(row.int(0))
                    verifying.note("stream '\(name)' has \(row.int(1)) entries but ends at revision \(row.int(2))")
                    return !verifying.isFull
                }
            }
        } catch {
            guard error.code == .corrupted else { throw error }
            verifying.note("the index of revisions is damaged")
        }
        return verifying
    }

    /// Lets SQLite check its own structures: pages, and indexes against their tables.
    func checkIntegrity(_ verifying: JournalVerifying, at place: SQLitePlace) throws(EffectError) -> JournalVerifying {
        var verifying = verifying
        do {
            try place.mapping { () throws(SQLiteFailure) in
                try connection.statement("PRAGMA integrity_check(10)")
                    .forEachRow { row throws(SQLiteFailure) in
                        let line = row.text(0)
                        if line != "ok" { verifying.note("SQLite: \(line)") }
                        return true
                    }
            }
        } catch {
            guard error.code == .corrupted else { throw error }
            verifying.note("the database's structure is damaged")
        }
        return verifying
    }
}
#endif
