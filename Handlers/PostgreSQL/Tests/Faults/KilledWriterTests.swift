#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("A writer that is killed or stalls")
struct KilledWriterTests {
    @Test("writers that are killed at any moment leave nothing half-written, and the others go on")
    func killedWriters() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let journal = "schema: \(schema), tls: disable"
        var acknowledged: [AppendingWorkers.Acknowledgement] = []
        let steady = try await AppendingWorkers(1, tasks: 4, journal: journal, url: server.url())
        for round in FaultRounds.numbers {
            let victims = try await AppendingWorkers(2, tasks: 4, journal: journal, url: server.url())
            try await victims.makeProgress(2)
            try await Task.sleep(for: FaultRounds.moment(round, atMost: 40))
            try await victims.killAll()
            acknowledged += victims.acknowledged
            try await steady.makeProgress()
        }
        try await steady.killAll()
        #expect(steady.refused.isEmpty, "\(steady.refused.suffix(3))")
        let handler = try await server.journal(schema)
        try await expectSurvivors(of: acknowledged + steady.acknowledged, in: handler)
        await handler.close()
    }

    @Test("a session that holds the journal's lock and dies frees it at once")
    func deadHolder() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let journal = try await server.journal(schema)
        let context = HandlerContext.test()
        try await journal.append([context.draft("before")], to: "stream")
        var holder: PlainConnection? = try server.connect()
        try holder?.query("BEGIN")
        try holder?.query("SELECT * FROM \(schema).journal_head FOR UPDATE")
        async let receipt = journal.append([context.draft("behind the lock")], to: "stream")
        try await until("the append waits for the lock") {
            try server.integer(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE query LIKE '%journal_head%')"
            ) > 0
        }
        holder = nil
        let revision = try await receipt.lastRevision
        #expect(revision == Revision(rawValue: 1))
        await journal.close()
    }

    @Test(
        "a stalled transaction with an early position is waited for no longer than 'lockTimeout', and readers never skip it"
    )
    func stalledTransaction() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let journal = try await server.journal(schema) { $0.lockTimeout = .milliseconds(300) }
        let context = HandlerContext.test()
        try await journal.append([context.draft("first")], to: "stream")
        let stalled = try server.connect()
        try stalled.query("BEGIN")
        try stalled.query("UPDATE \(schema).journal_head SET position = position + 1, version = version + 1")
        let start = ContinuousClock.now
        let error = await #expect(throws: EffectError.self) {
            try await journal.append([context.draft("second")], to: "stream")
        }
        #expect(error?.code == .unavailable)
        #expect(error?.isRetryable == true)
        #expect(error?.outcome == .notApplied)
        #expect(ContinuousClock.now - start < .seconds(20))
        // Reading does not wait for it.
        #expect(try await journal.readAll(after: .start, limit: 10).count == 1)
        try stalled.query("ROLLBACK")
        let receipt = try await journal.append([context.draft("third")], to: "stream")
        #expect(receipt.items[0].position == Position(rawValue: 2))
        await journal.close()
    }
}
#endif
