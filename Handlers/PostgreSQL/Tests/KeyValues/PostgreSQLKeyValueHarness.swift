#if PostgreSQL
internal import AuraConformance
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import AuraSystem
internal import Synchronization

/// Makes tables in schemas of one server, and lets items expire.
final class PostgreSQLKeyValueHarness: KeyValueHarness, TimePassingHarness {
    private let schemas: HarnessSchemas<PostgreSQLKeyValueHandler>
    private let clock: ShiftedClock

    init() {
        let clock = ShiftedClock()
        self.clock = clock
        schemas = HarnessSchemas { configuration in
            try await PostgreSQLKeyValueHandler.open(configuration, .test(time: clock))
        } close: { handler in
            await handler.close()
        }
    }

    var capabilities: Capabilities { PostgreSQLKeyValueHandler.capabilities(of: .unconnected) }

    func make() async throws -> any KeyValueEffects { try await schemas.make() }

    /// Opens another table on the items of one that stays in use.
    func second(_ handler: any KeyValueEffects) async throws -> any KeyValueEffects {
        try await schemas.second(handler)
    }

    var now: WallTime { clock.now }

    func letTimePass(_ duration: Duration) async throws {
        clock.shift(by: duration)
    }

    func finish() async { await schemas.finish() }
}

/// The system's clocks with a wall clock that a law may move on.
private final class ShiftedClock: TimeEffects {
    private let system = SystemTimeHandler()
    private let offset = Mutex<Int64>(0)

    var capabilities: Capabilities { system.capabilities }

    var now: WallTime {
        let offset = offset.withLock { $0 }
        return WallTime(nanosecondsSinceEpoch: system.now.nanosecondsSinceEpoch + offset)
    }

    var monotonicNow: MonotonicInstant { system.monotonicNow }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try await system.sleep(until: deadline)
    }

    func shift(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        offset.withLock { $0 += seconds * 1_000_000_000 + attoseconds / 1_000_000_000 }
    }
}
#endif
