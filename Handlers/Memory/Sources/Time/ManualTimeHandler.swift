public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// A clock that stands still until a test moves it.
///
/// ```swift
/// let time = ManualTimeHandler()
/// let task = Task { try await time.sleep(for: .seconds(60)) }
/// try await time.waitForSleepers(1)
/// time.advance(by: .seconds(60))
/// try await task.value
/// ```
public final class ManualTimeHandler: TimeEffects {
    /// The name in profiles.
    public static let technology = "manual"

    /// What every manual clock declares.
    public static let capabilities = Capabilities([.manual])

    /// 2026-01-01T00:00:00Z, where the wall clock begins unless told otherwise.
    public static let defaultStart = WallTime(nanosecondsSinceEpoch: 1_767_225_600_000_000_000)

    private typealias Wake = OneShot<Result<Void, EffectError>>

    private struct Sleeper {
        var deadline: MonotonicInstant
        var wake: Wake
    }

    private struct State {
        var wallNanoseconds: Int64
        var monotonic = MonotonicInstant(nanoseconds: 0)
        var nextSleeper: UInt64 = 0
        var sleepers: [UInt64: Sleeper] = [:]
    }

    private let state: Mutex<State>
    private let sleeperChanges = ChangeSignal()
    private let errors = HandlerErrors(TimeEffect.self, handler: technology)

    /// Creates a clock.
    ///
    /// - Parameter start: What the wall clock shows first; the monotonic clock begins at zero.
    public init(start: WallTime = defaultStart) {
        state = Mutex(State(wallNanoseconds: start.nanosecondsSinceEpoch))
    }

    /// A clock that a test moves.
    public var capabilities: Capabilities { Self.capabilities }

    /// The wall clock, which is exact.
    public var now: WallTime {
        WallTime(nanosecondsSinceEpoch: state.withLock { $0.wallNanoseconds }, uncertainty: .zero)
    }

    /// The monotonic clock.
    public var monotonicNow: MonotonicInstant {
        state.withLock { $0.monotonic }
    }

    /// Suspends the task until a test moves the clock to `deadline` or beyond.
    public func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try errors.checkCancellation(in: "sleep")
        let wake = Wake()
        let sleeper = state.withLock { state -> UInt64? in
            guard deadline > state.monotonic else { return nil }
            state.nextSleeper += 1
            state.sleepers[state.nextSleeper] = Sleeper(deadline: deadline, wake: wake)
            return state.nextSleeper
        }
        guard let sleeper else { return }
        sleeperChanges.notify()
        let result = await wake.value(orWhenCancelled: .failure(errors.cancelled(in: "sleep")))
        if case .failure = result {
            state.withLock { _ = $0.sleepers.removeValue(forKey: sleeper) }
        }
        try result.get()
    }
}

extension ManualTimeHandler {
    /// The earliest moment that a task sleeps until; `nil` where none sleeps.
    public var nextDeadline: MonotonicInstant? {
        state.withLock { $0.sleepers.values.lazy.map(\.deadline).min() }
    }

    /// Moves both clocks forwards and wakes the tasks whose time has come, in the order of their deadlines.
    ///
    /// - Parameter duration: How far; not negative.
    public func advance(by duration: Duration) {
        precondition(duration >= .zero, "A manual clock advances: jump the wall clock to go back.")
        let nanoseconds = duration.nanoseconds
        let due = state.withLock { state in
            state.monotonic.nanoseconds += nanoseconds
            state.wallNanoseconds += nanoseconds
            return Self.removeDue(from: &state)
        }
        for wake in due { wake.resolve(.success(())) }
    }

    /// Moves both clocks forwards to a moment; does nothing where that is past.
    ///
    /// - Parameter instant: A moment of the monotonic clock.
    public func advance(to instant: MonotonicInstant) {
        advance(by: max(.zero, monotonicNow.duration(to: instant)))
    }

    /// Moves the wall clock alone, as a step of the system's clock would.
    ///
    /// Unlike a real handler's, `now` follows at once, also backwards: for tests of what must not rely on it.
    ///
    /// - Parameter duration: How far; negative to go back.
    public func jumpWallClock(by duration: Duration) {
        state.withLock { $0.wallNanoseconds += duration.nanoseconds }
    }

    /// Waits until so many tasks sleep, so that a test advances the clock when its subject is ready.
    ///
    /// - Parameter count: The least number of sleeping tasks.
    /// - Throws: ``EffectError`` with `cancelled` when the task is cancelled.
    public func waitForSleepers(_ count: Int) async throws(EffectError) {
        while true {
            let generation = sleeperChanges.generation
            if state.withLock({ $0.sleepers.count }) >= count { return }
            try await sleeperChanges.wait(beyond: generation)
        }
    }

    private static func removeDue(from state: inout State) -> [Wake] {
        let now = state.monotonic
        let due = state.sleepers.filter { $0.value.deadline <= now }
        for number in due.keys { state.sleepers[number] = nil }
        // Among equal deadlines the one that slept first wakes first.
        return due.sorted { ($0.value.deadline, $0.key) < ($1.value.deadline, $1.key) }.map(\.value.wake)
    }
}
