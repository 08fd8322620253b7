#if PostgreSQL
internal import AuraEffects

/// What is made sure of when a journal is opened.
struct JournalOpening {
    let connection: PostgreSQLConnection

    /// Gives a new journal its head and its origin; one that has a head keeps both.
    func ensureHead(with origin: OriginID) throws(PostgreSQLFailure) {
        // A standby has the head of its primary, and takes no writes.
        let found = try connection.run("SELECT 1 FROM journal_head")
        guard found.rowCount == 0 else { return }
        var parameters = PostgreSQLParameters()
        parameters.add(uuid: origin.rawValue)
        parameters.add(SHA256Digest.zero)
        _ = try connection.run(
            """
            WITH origin AS (INSERT INTO journal_origins (id) VALUES ($1) RETURNING number)
            INSERT INTO journal_head (version, origin, position, sequence, hash, clock)
            SELECT 0, number, 0, 0, $2::bytea, 0 FROM origin ON CONFLICT DO NOTHING
            """,
            parameters
        )
    }

    /// Makes `origin` the one that new entries are written under; inside a transaction that holds the head's lock.
    func adopt(_ origin: OriginID) throws(PostgreSQLFailure) {
        var parameters = PostgreSQLParameters()
        parameters.add(uuid: origin.rawValue)
        parameters.add(SHA256Digest.zero)
        _ = try connection.run(
            """
            WITH origin AS (INSERT INTO journal_origins (id) VALUES ($1) RETURNING number)
            UPDATE journal_head
            SET version = version + 1, origin = number, sequence = 0, hash = $2::bytea, highest_id = NULL FROM origin
            """,
            parameters
        )
    }
}
#endif
