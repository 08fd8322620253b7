#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

extension PostgreSQLConfiguration {
    /// What a commit notifies.
    var channel: String { "journal@\(schema)" }
}

extension JournalWriterState {
    /// The most entries of other processes that are taken in; where there are more, the writer begins anew.
    private static let addedLimit = 4096

    /// Begins a transaction and waits for the lock of the head, which it holds to its end.
    ///
    /// Takes in what other processes have written since the last look.
    func lockHead(of configuration: PostgreSQLConfiguration) throws(PostgreSQLFailure) {
        var batch = PostgreSQLBatch()
        batch.add("BEGIN")
        var timeout = PostgreSQLParameters()
        timeout.add(configuration.lockTimeoutText)
        batch.add("SELECT set_config('lock_timeout', $1::text, true)", timeout)
        // Rows have no queue for their locks: the one who has just let go would be the next to get it.
        batch.add("SELECT pg_advisory_xact_lock(\(Self.advisoryClass), 'journal_head'::regclass::oid::integer)")
        batch.add("SELECT \(JournalHead.columns) FROM journal_head AS h FOR UPDATE OF h")
        var position = PostgreSQLParameters()
        position.add(head.map { Int64(clamping: $0.position) } ?? .max)
        batch.add(
            """
            SELECT stream, revision, origin, id FROM journal_entries WHERE position > $1
            ORDER BY position LIMIT \(Self.addedLimit + 1)
            """,
            position
        )
        let results = try connection.run(batch)
        guard let row = results[3].first else { throw .missingHead }
        let added = results[4]
        observe(JournalHead(row), added: added.rowCount > Self.addedLimit ? nil : added)
    }

    /// `Aura` in ASCII.
    private static let advisoryClass = 0x4175_7261
}

extension PostgreSQLConfiguration {
    /// How long a lock is waited for, as the server takes it.
    var lockTimeoutText: String {
        let milliseconds =
            lockTimeout.components.seconds * 1000 + lockTimeout.components.attoseconds / 1_000_000_000_000_000
        return "\(max(1, milliseconds))ms"
    }
}
#endif
