internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime

@testable internal import AuraSystem

/// A clock of which some readings are replaced by broken ones.
struct BrokenTime<Base: TimeEffects>: TimeEffects {
    let base: Base
    var capabilities: Capabilities
    var wall: @Sendable (Base) -> WallTime = { $0.now }
    var monotonic: @Sendable (Base) -> MonotonicInstant = { $0.monotonicNow }
    var sleep: @Sendable (Base, MonotonicInstant) async throws(EffectError) -> Void = {
        base,
        deadline throws(EffectError) in try await base.sleep(until: deadline)
    }

    init(_ base: Base) {
        self.base = base
        capabilities = base.capabilities
    }

    var now: WallTime { wall(base) }
    var monotonicNow: MonotonicInstant { monotonic(base) }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try await sleep(base, deadline)
    }
}

/// The machine's clocks as they would be if its administrator stepped the wall clock: sound, what broken ones are made of.
final class SteppableTime: TimeEffects {
    private let machine = SystemTimeHandler()
    private let wallClock = Mutexed(WallClock())
    private let stepped = Mutexed(Duration.zero)

    var capabilities: Capabilities { machine.capabilities }
    var monotonicNow: MonotonicInstant { machine.monotonicNow }

    var now: WallTime {
        let system = systemNow
        let monotonic = machine.monotonicNow.nanoseconds
        return WallTime(nanosecondsSinceEpoch: wallClock.withLock { $0.read(system: system, monotonic: monotonic) })
    }

    /// What the system's clock shows, stepped as it is.
    var systemNow: Int64 { machine.now.nanosecondsSinceEpoch + Int64(offset / .nanoseconds(1)) }

    /// How far the system's clock was stepped.
    var offset: Duration { stepped.withLock { $0 } }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try await machine.sleep(until: deadline)
    }

    func step(by duration: Duration) {
        stepped.withLock { $0 += duration }
    }
}

/// Makes broken clocks that go by themselves.
struct BrokenTimeHarness: TimeHarness {
    let change: @Sendable (inout BrokenTime<SystemTimeHandler>) -> Void

    var capabilities: Capabilities { Capabilities() }

    func make() async throws -> any TimeEffects {
        var time = BrokenTime(SystemTimeHandler())
        change(&time)
        return time
    }

    func letTimePass(_ duration: Duration, on time: any TimeEffects) async throws {}

    func finish() async {}
}

/// Makes broken clocks that stand still until they are advanced.
struct BrokenManualTimeHarness: TimeHarness {
    let change: @Sendable (inout BrokenTime<ManualTimeHandler>) -> Void

    var capabilities: Capabilities { ManualTimeHandler.capabilities }

    func make() async throws -> any TimeEffects {
        var time = BrokenTime(ManualTimeHandler())
        change(&time)
        return time
    }

    func letTimePass(_ duration: Duration, on time: any TimeEffects) async throws {
        guard let time = time as? BrokenTime<ManualTimeHandler> else { preconditionFailure("Another harness's clock.") }
        time.base.advance(by: duration)
    }

    func finish() async {}
}

/// Makes broken clocks of a machine whose administrator steps the wall clock.
final class BrokenSteppedTimeHarness: TimeHarness, ClockSteppingHarness {
    private let change: @Sendable (inout BrokenTime<SteppableTime>) -> Void
    private let machine = SteppableTime()

    init(_ change: @escaping @Sendable (inout BrokenTime<SteppableTime>) -> Void = { _ in }) {
        self.change = change
    }

    var capabilities: Capabilities { Capabilities() }

    func make() async throws -> any TimeEffects {
        var time = BrokenTime(machine)
        change(&time)
        return time
    }

    func letTimePass(_ duration: Duration, on time: any TimeEffects) async throws {}

    func stepWallClock(by duration: Duration) async throws {
        machine.step(by: duration)
    }

    func finish() async {}
}
