#if PostgreSQL
internal import AuraConformance
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Synchronization

/// Makes journals in schemas of one server, opens them again, ends their sessions as a crash does, and damages them.
final class PostgreSQLJournalHarness: JournalDamagingHarness, ReopeningHarness, CrashingHarness, SharingHarness,
    StallingHarness, ClockSteppingHarness
{
    typealias Handler = any JournalEffects

    private let schemas: HarnessSchemas<PostgreSQLJournalHandler>
    private let clock: SteppedTime

    init() {
        let clock = SteppedTime()
        self.clock = clock
        schemas = HarnessSchemas { configuration in
            try await PostgreSQLJournalHandler.open(configuration, .test(time: clock))
        } close: { handler in
            await handler.close()
        }
    }

    var capabilities: Capabilities { PostgreSQLJournalHandler.capabilities(of: .unconnected) }

    func make() async throws -> any JournalEffects { try await schemas.make() }

    func reopen(_ handler: any JournalEffects) async throws -> any JournalEffects { try await schemas.reopen(handler) }

    func crash(_ handler: any JournalEffects) async throws -> any JournalEffects { try await schemas.crash(handler) }

    func second(_ handler: any JournalEffects) async throws -> any JournalEffects { try await schemas.second(handler) }

    func stalling(_ handler: any JournalEffects, while body: @Sendable () async throws -> Void) async throws {
        let connection = try LocalServer.shared.connect()
        try connection.query("BEGIN; SELECT 1 FROM \(schemas.schema(of: handler)).journal_head FOR UPDATE")
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
        let change =
            switch part {
            case .payload: "payload = set_byte(payload, 0, get_byte(payload, 0) # 1)"
            case .timestamp: "timestamp = timestamp + 1"
            case .hash: "hash = set_byte(hash, 0, get_byte(hash, 0) # 1)"
            case .revision: "revision = revision + 100"
            case .position: "position = position + 100"
            }
        return try await schemas.change(journal) { schema in
            try await TestAdministrator.run(
                "UPDATE \(schema).journal_entries SET \(change) WHERE position = \(entry.position)"
            )
        }
    }

    func finish() async { await schemas.finish() }
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
