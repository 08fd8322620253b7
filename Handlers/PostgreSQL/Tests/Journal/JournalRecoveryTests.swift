#if PostgreSQL
internal import AuraEffects
@testable internal import AuraPostgreSQL
internal import AuraRuntime
internal import Synchronization
internal import Testing

@Suite("A journal on PostgreSQL after a failure")
struct JournalRecoveryTests {
    @Test("appends whose connections break are repeated by their ids, and each is there once")
    func resets() async throws {
        let server = try LocalServer.shared
        let proxy = try FaultProxy(to: server.port)
        let schema = server.newSchema()
        try await server.withJournal(
            server.configuration(schema: schema, changed: { $0.servers = [.init(host: "127.0.0.1", port: proxy.port)] })
        ) {
            journal in
            let unknownOutcomes = Count()
            let receipts = try await withThrowingTaskGroup(of: [AppendReceipt].self) { group in
                for task in 0..<8 {
                    group.addTask {
                        var receipts: [AppendReceipt] = []
                        while receipts.count < 50 || unknownOutcomes.value == 0 {
                            let draft = draft("\(task) \(receipts.count)")
                            let receipt = try await appendStubbornly(draft, to: StreamName("s \(task)"), journal) {
                                if $0.outcome == .unknown { unknownOutcomes.add() }
                            }
                            receipts.append(receipt)
                        }
                        return receipts
                    }
                }
                for _ in 0..<10 {
                    try await Task.sleep(for: .milliseconds(30))
                    proxy.resetConnections()
                }
                // Resets that hit no append would show nothing.
                try await until("a reset has hit an append") {
                    if unknownOutcomes.value > 0 { return true }
                    try await Task.sleep(for: .milliseconds(200))
                    proxy.resetConnections()
                    return false
                }
                return try await group.reduce(into: []) { $0 += $1 }
            }
            let entries = try await allEntries(journal)
            #expect(entries.count == receipts.count && receipts.count >= 400)
            #expect(Set(entries.map(\.id)) == Set(receipts.flatMap(\.ids)))
            let report = try await journal.verify()
            #expect(report.isClean, "\(report.problems)")
        }
    }

    @Test("a read after the server ended every idle connection is asked again, and a subscription goes on")
    func endedConnections() async throws {
        let server = try LocalServer.shared
        let proxy = try FaultProxy(to: server.port)
        let schema = server.newSchema()
        try await server.withJournal(
            server.configuration(schema: schema, changed: { $0.servers = [.init(host: "127.0.0.1", port: proxy.port)] })
        ) {
            journal in
            try await journal.append([draft("first")], to: "notes")
            var delivered = journal.subscribe(after: .start).makeAsyncIterator()
            let first = try await delivered.next()
            async let reads = withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 { group.addTask { try await journal.read("notes", limit: 10).count } }
                return try await group.reduce(0, +)
            }
            #expect(try await reads == 8)
            proxy.resetConnections()
            #expect(try await journal.read("notes", limit: 10).map(\.id) == [first?.id])
            proxy.resetConnections()
            _ = try await appendStubbornly(draft("second"), to: "notes", journal)
            #expect(try await delivered.next()?.revision == Revision(rawValue: 1))
        }
    }

    @Test("an append whose answer is lost has an unknown outcome, in bounded time")
    func lostAnswer() async throws {
        let server = try LocalServer.shared
        let proxy = try FaultProxy(to: server.port)
        let schema = server.newSchema()
        let change = { (configuration: inout PostgreSQLConfiguration) in
            configuration.servers = [.init(host: "127.0.0.1", port: proxy.port)]
            configuration.statementTimeout = .seconds(2)
        }
        try await server.withJournal(server.configuration(schema: schema, changed: change)) { journal in
            try await journal.append([draft("first")], to: "notes")
            proxy.conduct = .answersLost
            let entry = draft("second")
            let error = await thrownError { () async throws(EffectError) in
                try await journal.append([entry], to: "notes")
            }
            #expect(error?.outcome == .unknown)
            #expect(error?.isRetryable == true)
            proxy.conduct = .open
            let receipt = try await appendStubbornly(entry, to: "notes", journal)
            #expect(receipt.items.map(\.revision) == [Revision(rawValue: 1)])
            #expect(try await allEntries(journal).count == 2)
        }
    }

    @Test("a writer syncs its commits also where its role does not by default")
    func synchronousCommit() async throws {
        let server = try LocalServer.shared
        let role = try await TestAdministrator.makeRole(isSynced: false)
        let change = { (configuration: inout PostgreSQLConfiguration) in
            configuration.user = role
            configuration.password = Secret(TestAdministrator.password)
        }
        let setting = try await server.withJournal(server.configuration(schema: server.newSchema(), changed: change)) {
            journal in
            try await journal.append([draft()], to: "notes")
            return try await journal.writing("test") { state throws(EffectError) in
                try journal.place("test")
                    .mapping { () throws(PostgreSQLFailure) in
                        try state.connection.run("SELECT current_setting('synchronous_commit')").first?.text(0)
                    }
            }
        }
        #expect(setting == "on")
    }

    @Test("a standby gives reads and subscriptions, and refuses appends until it is promoted")
    func standby() async throws {
        let primary = try LocalServer()
        let schema = primary.newSchema()
        try await primary.withJournal(in: schema) { journal in
            let standby = try LocalServer(following: primary, isSynchronous: false)
            let entries = [draft("first"), draft("second")]
            try await journal.append(entries, to: "notes")
            let change = { (configuration: inout PostgreSQLConfiguration) in configuration.targetSession = .any }
            try await standby.withJournal(standby.configuration(schema: schema, changed: change)) { follower in
                var delivered = follower.subscribe(after: .start).makeAsyncIterator()
                #expect(try await delivered.next()?.id == entries[0].id)
                #expect(try await delivered.next()?.id == entries[1].id)
                let third = draft("third")
                let refusal = await thrownError { () async throws(EffectError) in
                    try await follower.append([third], to: "notes")
                }
                #expect(refusal?.code == .unavailable)
                #expect(refusal?.outcome == .notApplied)
                try await journal.append([third], to: "notes")
                #expect(try await delivered.next()?.id == third.id)
                try standby.promote()
                let fourth = draft("fourth")
                let receipt = try await appendStubbornly(fourth, to: "notes", follower)
                #expect(receipt.items.map(\.revision) == [Revision(rawValue: 3)])
                #expect(try await follower.verify().isClean)
            }
        }
    }
}

/// Counts across tasks.
private final class Count: Sendable {
    private let state = Atomic(0)

    var value: Int { state.load(ordering: .relaxed) }

    func add() {
        state.add(1, ordering: .relaxed)
    }
}
#endif
