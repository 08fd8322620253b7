internal import AuraConformance
internal import AuraEffects
internal import AuraLayered
internal import AuraRuntime
internal import Synchronization
internal import Testing

/// Journals over tables of one kind.
final class KeyValueJournalHarness<G: TableGround>: JournalHarness, ReopeningHarness, SharingHarness,
    ClockSteppingHarness
{
    private struct Open {
        var managed: ManagedHandler<any JournalEffects>
        var table: G.Table
    }

    let ground: G
    private let clock = SteppedClock()
    private let open = Mutex<[Open]>([])

    init(_ ground: G) {
        self.ground = ground
    }

    var capabilities: Capabilities { KeyValueJournalHandler.capabilities(over: ground.tableCapabilities) }

    func make() async throws -> any JournalEffects {
        try await open(ground.newTable())
    }

    func open(_ table: G.Table) async throws -> any JournalEffects {
        var context = HandlerContext.system
        context.time = clock
        let managed = try await ground.keyValues(table)
            .lending { inner throws(EffectError) in
                let handler = try await KeyValueJournalHandler.open(over: inner, .init(), context)
                return ManagedHandler<any JournalEffects>(handler) { await handler.close() }
            }
        open.withLock { $0.append(Open(managed: managed, table: table)) }
        return managed.handler
    }

    private func index(of handler: any JournalEffects, in open: [Open]) -> Int? {
        open.firstIndex { $0.managed.handler as AnyObject === handler as AnyObject }
    }

    func table(of handler: any JournalEffects) throws -> G.Table {
        try #require(open.withLock { open in index(of: handler, in: open).map { open[$0].table } })
    }

    func reopen(_ handler: any JournalEffects) async throws -> any JournalEffects {
        let taken = try #require(open.withLock { open in index(of: handler, in: open).map { open.remove(at: $0) } })
        await taken.managed.stop()
        return try await open(taken.table)
    }

    func second(_ handler: any JournalEffects) async throws -> any JournalEffects {
        try await open(table(of: handler))
    }

    func stepWallClock(by duration: Duration) async throws {
        clock.step(by: duration)
    }

    func finish() async {
        for open in open.withLock({ $0 }) { await open.managed.stop() }
    }
}

#if SQLite
extension KeyValueJournalHarness: CrashingHarness where G == SQLiteGround {
    func crash(_ handler: any JournalEffects) async throws -> any JournalEffects {
        try await open(ground.copyAsCrashed(table(of: handler)))
    }
}
#endif

/// The system's clocks with a wall clock that a law may step.
final class SteppedClock: TimeEffects {
    private let system = HandlerContext.system.time
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

    func step(by duration: Duration) {
        let (seconds, attoseconds) = duration.components
        offset.withLock { $0 += seconds * 1_000_000_000 + attoseconds / 1_000_000_000 }
    }
}
