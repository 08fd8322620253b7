#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("Transactions that conflict")
struct ConflictTests {
    @Test("an append gets through where another transaction takes the same locks in the other order")
    func deadlock() async throws {
        let server = try LocalServer(.init(settings: ["deadlock_timeout=5s"]))
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
        try await until("the append waits") {
            try server.integer("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0
        }
        // Now each waits for the other.
        try other.send("UPDATE \(schema).journal_head SET version = version; COMMIT")
        #expect(try other.answer(within: .seconds(60)) != nil)
        let revision = try await receipt.lastRevision
        #expect(revision == Revision(rawValue: 1))
        await journal.close()
    }
}
#endif
