#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Synchronization
internal import Testing

@Suite("Readers beside an append that stalls")
struct StalledAppendTests {
    private static let rounds = 3

    @Test("a reader that has seen a position never later finds an entry at or below it")
    func growingPrefix() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let context = HandlerContext.test()
        let stalling = try await server.journal(schema)
        let waiting = try await server.journal(schema)
        let reader = try await server.journal(schema)
        var receipts = [try await stalling.append([context.draft("before")], to: "stalling")]
        try addGate(to: schema, of: server)

        let total = 1 + 2 * Self.rounds
        let isOver = Atomic(false)
        let polling = Task {
            var polls: [[JournalEntry]] = []
            while !isOver.load(ordering: .relaxed) { polls.append(try await allEntries(reader)) }
            return polls
        }
        let following = Task {
            try await reader.subscribe(after: .start).prefix(total).reduce(into: [JournalEntry]()) { $0.append($1) }
        }
        for round in 0..<Self.rounds {
            let gate = try server.connect()
            try gate.query("BEGIN; UPDATE \(schema).gate SET n = n + 1")
            async let early = stalling.append([context.draft("early \(round)")], to: "stalling")
            try await until("the early append has its position and stalls") {
                try server.integer(Self.countStalled(by: gate)) == 1
            }
            async let late = waiting.append([context.draft("late \(round)")], to: "waiting")
            try await until("the late append runs beside it") {
                try server.integer(Self.countWaiting(behind: gate)) > 0
            }
            #expect(try await allEntries(reader).count == receipts.count)
            try gate.query("COMMIT")
            receipts += try await [early, late]
        }
        let delivered = try await following.value
        isOver.store(true, ordering: .relaxed)
        let polls = try await polling.value

        let journal = try await allEntries(reader)
        #expect(journal.count == total)
        #expect(delivered == journal)
        #expect(polls.count > Self.rounds)
        #expect(polls.allSatisfy { journal.starts(with: $0) })
        #expect(zip(polls, polls.dropFirst()).allSatisfy { $0.count <= $1.count })
        let acknowledged = receipts.flatMap(\.items)
            .map { AppendingWorkers.Acknowledgement(id: $0.id.description, position: $0.position.description) }
        #expect(acknowledged.count == total)
        try await expectSurvivors(of: acknowledged, in: reader)
        for handler in [stalling, waiting, reader] { await handler.close() }
    }

    /// Makes every insertion of entries wait for whoever holds the gate's row, once its rows are there.
    private func addGate(to schema: String, of server: LocalServer) throws {
        try server.query(
            """
            CREATE TABLE \(schema).gate (n int);
            INSERT INTO \(schema).gate VALUES (0);
            -- Without an end, so that also the first attempt stalls, which takes no lock first.
            CREATE FUNCTION \(schema).pass() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0 AS
            $$ BEGIN UPDATE \(schema).gate SET n = n + 1; RETURN NULL; END $$;
            CREATE TRIGGER pass AFTER INSERT ON \(schema).journal_entries
            FOR EACH STATEMENT EXECUTE FUNCTION \(schema).pass();
            """
        )
    }

    private static func countStalled(by gate: PlainConnection) -> String {
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND \(gate.backend) = ANY(pg_blocking_pids(pid))
        """
    }

    private static func countWaiting(behind gate: PlainConnection) -> String {
        """
        SELECT count(*) FROM pg_stat_activity AS stalled
        JOIN pg_stat_activity AS waiting ON stalled.pid = ANY(pg_blocking_pids(waiting.pid))
        WHERE stalled.wait_event_type = 'Lock' AND waiting.wait_event_type = 'Lock'
          AND \(gate.backend) = ANY(pg_blocking_pids(stalled.pid))
        """
    }
}
#endif
