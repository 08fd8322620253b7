#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import Testing

@Suite("A server that is killed", .serialized)
struct KilledServerTests {
    @Test("no entry acknowledged to three processes is lost or doubled, however often the server is killed")
    func killedServer() async throws {
        let server = try LocalServer()
        let schema = server.newSchema()
        let workers = try await AppendingWorkers(
            3,
            tasks: 4,
            journal: "schema: \(schema), tls: disable",
            url: server.url()
        )
        for round in FaultRounds.numbers {
            try await workers.makeProgress()
            try await Task.sleep(for: FaultRounds.moment(round, atMost: 60))
            try server.kill()
            try server.restart()
        }
        // They recover without being started again.
        try await workers.makeProgress()
        try await workers.killAll()
        let acknowledged = workers.acknowledged
        #expect(acknowledged.count > 15 * FaultRounds.numbers.count)
        // What was refused could be tried again, and was.
        #expect(workers.refused.contains { $0.hasPrefix("refused unavailable") })
        #expect(workers.refused.allSatisfy { $0.hasPrefix("refused unavailable") }, "\(workers.refused.suffix(3))")

        let journal = try await server.journal(schema)
        try await expectSurvivors(of: acknowledged, in: journal)
        await journal.close()
    }

    @Test("a synchronous standby that is promoted while processes write has every acknowledged entry")
    func failover() async throws {
        let primary = try LocalServer()
        let standby = try LocalServer(following: primary, isSynchronous: true)
        let schema = primary.newSchema()
        let url =
            "postgresql://\(primary.user):\(primary.password)@\(primary.host):\(primary.port),\(standby.host):\(standby.port)"
            + "/\(primary.database)"
        let workers = try await AppendingWorkers(
            2,
            tasks: 4,
            journal: "schema: \(schema), tls: disable, connectTimeout: 2s",
            url: url
        )
        try await workers.makeProgress(20)
        try primary.kill()
        try standby.promote()
        try await workers.makeProgress(20)
        try await workers.killAll()

        let journal = try await standby.journal(schema)
        try await expectSurvivors(of: workers.acknowledged, in: journal)
        await journal.close()
    }
}
#endif
