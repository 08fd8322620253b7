#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("A writer that is stopped while it holds the head's lock")
struct StoppedWriterTests {
    private func acknowledgements(of receipt: AppendReceipt) -> [AppendingWorkers.Acknowledgement] {
        receipt.items.map { .init(id: $0.id.description, position: $0.position.description) }
    }

    @Test("it is waited for no longer than its 'lockTimeout', and goes on without it once it is continued")
    func bounded() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        // This one would wait for much longer.
        let journal = try await server.journal(schema)
        let context = HandlerContext.test()
        let holder = try await StoppedHolder(schema, "lockTimeout: 5s", on: server)
        let start = ContinuousClock.now
        let receipt = try await journal.append([context.draft("beside it")], to: "stream")
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(try !holder.isHolding)

        holder.workers.continue(0)
        try await holder.workers.makeProgress()
        try await holder.workers.killAll()
        #expect(holder.workers.refused.allSatisfy { $0.hasPrefix("refused unavailable") })
        try await expectSurvivors(of: holder.workers.acknowledged + acknowledgements(of: receipt), in: journal)
        await journal.close()
    }

    @Test("it is waited for no longer once it is killed")
    func killed() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let journal = try await server.journal(schema)
        let context = HandlerContext.test()
        let holder = try await StoppedHolder(schema, "lockTimeout: 30s", on: server)
        let append = Task { try await journal.append([context.draft("behind it")], to: "stream") }
        try await until("the append waits for the lock") { try holder.isWaitedFor }
        holder.workers.kill(0)
        let start = ContinuousClock.now
        let receipt = try await append.value
        #expect(ContinuousClock.now - start < .seconds(20))
        try await holder.workers.killAll()
        try await expectSurvivors(of: holder.workers.acknowledged + acknowledgements(of: receipt), in: journal)
        await journal.close()
    }
}

/// A process that was stopped between taking the head's lock and its commit.
private struct StoppedHolder {
    let workers: AppendingWorkers
    private let server: LocalServer
    private let backend: Int

    init(_ schema: String, _ settings: String, on server: LocalServer) async throws {
        self.server = server
        workers = try await AppendingWorkers(
            1,
            tasks: 2,
            journal: "schema: \(schema), tls: disable, \(settings)",
            url: server.url()
        )
        try await workers.makeProgress()
        // It asks for the lock, and is given it only when it can no longer take note of that.
        let other = try server.connect()
        try other.query("BEGIN; SELECT 1 FROM \(schema).journal_head FOR UPDATE")
        let asking = """
            SELECT held.pid FROM pg_locks AS held JOIN pg_locks AS wanted USING (pid)
            WHERE held.locktype = 'advisory' AND held.objid = '\(schema).journal_head'::regclass AND NOT wanted.granted
            """
        try await until("the worker asks for the lock") { try !server.query(asking).isEmpty }
        backend = try server.integer(asking)
        workers.stop(0)
        try other.query("COMMIT")
        try await until("the worker's session has the lock") { [server, backend] in
            try Self.isHolding(backend, server)
        }
    }

    /// Whether the session is still in its transaction, with nobody who ends it.
    var isHolding: Bool { get throws { try Self.isHolding(backend, server) } }

    var isWaitedFor: Bool {
        get throws {
            try server.integer(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE wait_event_type = 'Lock' AND \(backend) = ANY(pg_blocking_pids(pid))
                """
            ) > 0
        }
    }

    private static func isHolding(_ backend: Int, _ server: LocalServer) throws -> Bool {
        try server.integer(
            "SELECT count(*) FROM pg_stat_activity WHERE pid = \(backend) AND state = 'idle in transaction'"
        ) > 0
    }
}
#endif
