#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("Transactions that conflict")
struct ConflictTests {
    @Test("an append that a deadlock is resolved at the expense of is tried again")
    func deadlock() async throws {
        let server = try LocalServer(.init(settings: ["deadlock_timeout=3s"]))
        try server.administer("GRANT SET ON PARAMETER deadlock_timeout TO \(server.user)")
        let schema = server.newSchema()
        let journal = try await server.journal(schema)
        let context = HandlerContext.test()
        try await journal.append([context.draft("before")], to: "stream")
        // A trigger gives another transaction the chance to hold what the append needs second.
        try server.query(
            """
            CREATE TABLE \(schema).gate (n int);
            INSERT INTO \(schema).gate VALUES (0);
            CREATE FUNCTION \(schema).pass() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN UPDATE \(schema).gate SET n = n + 1; RETURN NULL; END $$;
            CREATE TRIGGER pass AFTER INSERT ON \(schema).journal_entries
            FOR EACH STATEMENT EXECUTE FUNCTION \(schema).pass();
            """
        )
        let other = try server.connect()
        // Whoever looks for a deadlock first and finds one is its victim: this one looks after an hour.
        try other.query("SET deadlock_timeout = '1h'")
        try other.query("BEGIN")
        try other.query("UPDATE \(schema).gate SET n = n + 1")
        async let receipt = journal.append([context.draft("victim")], to: "stream")
        // Its first attempt gives up soon and lets go of everything; the second one has the head's lock and stays.
        try await until("the append holds the head and waits") {
            let waiting = """
                SELECT count(*) FROM pg_locks AS held JOIN pg_locks AS wanted USING (pid)
                WHERE held.locktype = 'advisory' AND held.granted AND NOT wanted.granted
                """
            return try server.integer(waiting) > 0
        }
        // Now each waits for the other, and the append is the first to look whether that is so.
        try other.send("UPDATE \(schema).journal_head SET version = version; COMMIT")
        #expect(try other.answer(within: .seconds(60)) != nil)
        let revision = try await receipt.lastRevision
        #expect(revision == Revision(rawValue: 1))
        try await until("the server counts the deadlock") {
            try server.integer("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()") == 1
        }
        await journal.close()
    }
}
#endif
