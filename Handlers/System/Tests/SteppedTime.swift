internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization
internal import Testing

@testable internal import AuraSystem

/// The machine's clocks as they would be if its administrator stepped the wall clock.
final class SteppedTime: TimeEffects {
    private let base = SystemTimeHandler()
    private let wallClock = Mutex(WallClock())
    private let step = Mutex(Duration.zero)

    var capabilities: Capabilities { base.capabilities }
    var monotonicNow: MonotonicInstant { base.monotonicNow }

    var now: WallTime {
        let nanoseconds = Int64(step.withLock { $0 } / .nanoseconds(1))
        let system = base.now.nanosecondsSinceEpoch + nanoseconds
        let monotonic = base.monotonicNow.nanoseconds
        return WallTime(nanosecondsSinceEpoch: wallClock.withLock { $0.read(system: system, monotonic: monotonic) })
    }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try await base.sleep(until: deadline)
    }

    func step(by duration: Duration) {
        step.withLock { $0 += duration }
    }
}

final class SteppedTimeHarness: TimeHarness, ClockSteppingHarness {
    private let clocks = Mutex<[SteppedTime]>([])

    var capabilities: Capabilities { Capabilities() }

    func make() async throws -> any TimeEffects {
        let clock = SteppedTime()
        clocks.withLock { $0.append(clock) }
        return clock
    }

    func letTimePass(_ duration: Duration, on time: any TimeEffects) async throws {}

    func stepWallClock(by duration: Duration) async throws {
        for clock in clocks.withLock({ $0 }) { clock.step(by: duration) }
    }

    func finish() async {}
}
