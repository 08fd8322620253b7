#if PostgreSQL
internal import AuraConformance
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Synchronization
internal import Testing

/// Makes journals in schemas of one server, opens them again, ends their sessions as a crash does, and damages them.
final class PostgreSQLJournalHarness: JournalDamagingHarness, ReopeningHarness, CrashingHarness, SharingHarness,
    StallingHarness, ClockSteppingHarness
{
    typealias Handler = any JournalEffects

    private struct Opened {
        var handler: PostgreSQLJournalHandler
        var schema: String
        var role: String
    }

    private struct State {
        var open: [Opened] = []
        var crashed: [Opened] = []
        var schemas: Set<String> = []
    }

    private let state = Mutex(State())
    private let clock = SteppedTime()

    init() throws {
        _ = try LocalServer.shared
    }

    var capabilities: Capabilities {
        let configuration = PostgreSQLConfiguration(
            servers: [],
            database: "",
            user: "",
            password: nil,
            budget: HandlerContext.test().budget
        )
        return PostgreSQLJournalHandler.capabilities(of: configuration)
    }

    func make() async throws -> any JournalEffects {
        try await open(LocalServer.shared.newSchema())
    }

    func reopen(_ handler: any JournalEffects) async throws -> any JournalEffects {
        let opened = try take(handler)
        await opened.handler.close()
        return try await open(opened.schema, role: opened.role)
    }

    func crash(_ handler: any JournalEffects) async throws -> any JournalEffects {
        let opened = try take(handler)
        try await TestAdministrator.end(opened.role)
        state.withLock { $0.crashed.append(opened) }
        return try await open(opened.schema)
    }

    func second(_ handler: any JournalEffects) async throws -> any JournalEffects {
        try await open(schema(of: handler))
    }

    func stalling(_ handler: any JournalEffects, while body: @Sendable () async throws -> Void) async throws {
        let connection = try LocalServer.shared.connect()
        try connection.query("BEGIN; SELECT 1 FROM \(schema(of: handler)).journal_head FOR UPDATE")
        try await body()
        try connection.query("ROLLBACK")
    }

    func stepWallClock(by duration: Duration) async throws {
        clock.step(by: duration)
    }

    func damage(
        _ journal: any JournalEffects,
        _ part: JournalEntryPart,
        of entry: JournalEntry
    ) async throws -> any JournalEffects {
        let opened = try take(journal)
        await opened.handler.close()
        let change =
            switch part {
            case .payload: "payload = set_byte(payload, 0, get_byte(payload, 0) # 1)"
            case .timestamp: "timestamp = timestamp + 1"
            case .hash: "hash = set_byte(hash, 0, get_byte(hash, 0) # 1)"
            case .revision: "revision = revision + 100"
            case .position: "position = position + 100"
            }
        try await TestAdministrator.run(
            "UPDATE \(opened.schema).journal_entries SET \(change) WHERE position = \(entry.position)"
        )
        return try await open(opened.schema, role: opened.role)
    }

    func finish() async {
        let state = state.withLock { $0 }
        for opened in state.open + state.crashed { await opened.handler.close() }
        do {
            for schema in state.schemas.sorted() {
                try await TestAdministrator.run("DROP SCHEMA IF EXISTS \(schema) CASCADE")
            }
            for role in Set((state.open + state.crashed).map(\.role)).sorted() {
                try await TestAdministrator.run("DROP ROLE \(role)")
            }
        } catch {
            Issue.record(error)
        }
    }

    private func open(_ schema: String, role known: String? = nil) async throws -> any JournalEffects {
        let role: String
        if let known { role = known } else { role = try await TestAdministrator.makeRole() }
        var configuration = try LocalServer.shared.configuration(schema: schema)
        configuration.user = role
        configuration.password = Secret("p")
        // After a crash there is nobody to connect to.
        configuration.waitTimeout = .seconds(5)
        let handler = try await PostgreSQLJournalHandler.open(configuration, .test(time: clock))
        state.withLock { state in
            state.open.append(Opened(handler: handler, schema: schema, role: role))
            state.schemas.insert(schema)
        }
        return handler
    }

    private func schema(of handler: any JournalEffects) throws -> String {
        try #require(state.withLock { state in state.open.first { $0.handler === handler as AnyObject }?.schema })
    }

    private func take(_ handler: any JournalEffects) throws -> Opened {
        try #require(
            state.withLock { state in
                state.open.firstIndex { $0.handler === handler as AnyObject }.map { state.open.remove(at: $0) }
            }
        )
    }
}

/// The system's clocks with a wall clock that a law may step.
private final class SteppedTime: TimeEffects {
    private let system = HandlerContext.test().time
    private let offset = Mutex(Duration.zero)

    var capabilities: Capabilities { system.capabilities }

    var now: WallTime {
        var now = system.now
        let (seconds, attoseconds) = offset.withLock { $0 }.components
        now.nanosecondsSinceEpoch += seconds * 1_000_000_000 + attoseconds / 1_000_000_000
        return now
    }

    var monotonicNow: MonotonicInstant { system.monotonicNow }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try await system.sleep(until: deadline)
    }

    func step(by duration: Duration) {
        offset.withLock { $0 += duration }
    }
}
#endif
