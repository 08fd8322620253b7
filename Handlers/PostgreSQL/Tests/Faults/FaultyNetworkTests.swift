#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("A faulty network")
struct FaultyNetworkTests {
    /// A journal behind a proxy, that gives up soon.
    private func journal(
        _ server: LocalServer,
        _ schema: String,
        behind proxy: FaultProxy
    ) async throws -> PostgreSQLJournalHandler {
        try await server.journal(schema, port: proxy.port) { configuration in
            configuration.connectTimeout = .seconds(1)
            configuration.statementTimeout = .seconds(1)
            configuration.waitTimeout = .seconds(2)
        }
    }

    @Test("connections that are reset are replaced, and nothing acknowledged is lost or doubled")
    func reset() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let proxy = try FaultProxy(to: server.port)
        let journal = try await server.journal(schema, port: proxy.port)
        let context = HandlerContext.test()
        var acknowledged: [AppendingWorkers.Acknowledgement] = []
        for round in 0..<(5 * FaultRounds.numbers.count) {
            let draft = context.draft("round \(round)")
            if round % 3 == 0 { proxy.resetConnections() }
            while true {
                do {
                    let receipt = try await journal.append([draft], to: "stream")
                    acknowledged.append(
                        .init(id: draft.id.description, position: receipt.items[0].position.description)
                    )
                    break
                } catch {
                    #expect(error.code == .unavailable, "\(error)")
                    try #require(error.isRetryable, "\(error)")
                }
            }
            // A reader whose connection broke is told so, and the next call has another.
            _ = try? await journal.readAll(after: .start, limit: 1)
        }
        try await expectSurvivors(of: acknowledged, in: journal)
        await journal.close()
    }

    @Test(
        "a network that swallows or holds everything ends calls in time with a typed error, and they go on once it is back",
        arguments: [ProxyConduct.blackHole, .stalled, .answersLost]
    )
    func silence(_ conduct: ProxyConduct) async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let proxy = try FaultProxy(to: server.port)
        let journal = try await journal(server, schema, behind: proxy)
        let context = HandlerContext.test()
        try await journal.append([context.draft("before")], to: "stream")
        proxy.conduct = conduct
        let start = ContinuousClock.now
        let draft = context.draft("into the silence")
        let append = await #expect(throws: EffectError.self) { try await journal.append([draft], to: "stream") }
        let read = await #expect(throws: EffectError.self) { try await journal.readAll(after: .start, limit: 1) }
        #expect(ContinuousClock.now - start < .seconds(45))
        // The statement was on its way: nobody can say whether it took place.
        #expect(append?.outcome == .unknown)
        for error in [append, read].compactMap(\.self) {
            #expect(error.code == .unavailable || error.code == .resourceExhausted, "\(error)")
            #expect(error.isRetryable)
        }
        proxy.conduct = .open
        try await until("the append takes place once") {
            (try? await journal.append([draft], to: "stream")) != nil
        }
        let entries = try await journal.readAll(after: .start, limit: 10)
        #expect(entries.map(\.id).count { $0 == draft.id } == 1)
        #expect(try await journal.verify().isClean)
        await journal.close()
    }

    @Test("a slow link makes calls slow and breaks none")
    func slow() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let proxy = try FaultProxy(to: server.port)
        let journal = try await server.journal(schema, port: proxy.port)
        let context = HandlerContext.test()
        proxy.conduct = .slow(latency: .milliseconds(20), bytesPerSecond: 500_000)
        let drafts = (0..<200).map { context.draft("\($0) " + String(repeating: "x", count: 1000)) }
        let start = ContinuousClock.now
        try await journal.append(drafts, to: "stream")
        let page = try await journal.readAll(after: .start, limit: 1000)
        #expect(ContinuousClock.now - start > .milliseconds(300))
        #expect(page.map(\.id) == drafts.map(\.id))
        await journal.close()
    }

    /// What a caller was told, and when.
    private struct Refusal {
        var error: EffectError
        var elapsed: Duration
    }

    @Test("where every connection is lent callers wait up to their deadline, and none is lost")
    func exhausted() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let proxy = try FaultProxy(to: server.port)
        let journal = try await server.journal(schema, port: proxy.port) { configuration in
            configuration.connections = 3
            configuration.waitTimeout = .milliseconds(300)
        }
        // By another handler: the announcement of its own commit would need the one connection that reads.
        let other = try await server.journal(schema)
        try await other.append([HandlerContext.test().draft("one")], to: "stream")
        await other.close()
        _ = try await journal.readAll(after: .start, limit: 1)
        proxy.conduct = .stalled
        // More readers than connections: the first one holds what there is, the others wait for it.
        let readers = 20
        let refusals = await withTaskGroup(of: Refusal?.self) { group in
            for _ in 0..<readers {
                group.addTask {
                    let start = ContinuousClock.now
                    do throws(EffectError) {
                        _ = try await journal.readAll(after: .start, limit: 1)
                        return nil
                    } catch {
                        return Refusal(error: error, elapsed: ContinuousClock.now - start)
                    }
                }
            }
            var refusals: [Refusal] = []
            while refusals.count < readers - 1, case .some(let refusal?) = await group.next() {
                refusals.append(refusal)
            }
            proxy.conduct = .open
            // The holder has lost nothing but time.
            if let refusal = await group.next() ?? nil { Issue.record(refusal.error) }
            return refusals
        }
        #expect(refusals.count == readers - 1)
        for refusal in refusals {
            #expect(refusal.error.code == .resourceExhausted, "\(refusal.error)")
            #expect(refusal.error.isRetryable && refusal.error.outcome == .notApplied)
            #expect(refusal.elapsed >= .milliseconds(240) && refusal.elapsed < .seconds(30), "\(refusal.elapsed)")
        }
        try await until("readers get connections again") {
            (try? await journal.readAll(after: .start, limit: 1)) != nil
        }
        await journal.close()
    }
}
#endif
