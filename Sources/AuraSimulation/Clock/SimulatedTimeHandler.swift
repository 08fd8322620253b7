public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// What one machine of a simulation takes the time to be: its clocks are off and run at a speed of their own.
///
/// ```swift
/// let clock = SimulatedTimeHandler(base: time, skew: .milliseconds(300), drift: 40)
/// clock.jumpWallClock(by: .seconds(-10))
/// ```
///
/// The contract of ``TimeEffects`` holds: the monotonic clock follows no jump and never goes back; `now` follows a
/// jump forwards at once, and after a jump backwards runs at nine tenths of its speed until the machine's clock
/// has caught up, as the handler of a real machine does.
/// A sleep lasts until the machine's own monotonic clock shows its deadline.
public final class SimulatedTimeHandler: TimeEffects {
    /// The name in profiles.
    public static let technology = "simulated"

    private let base: any TimeEffects
    private let machine: MachineClock
    private let wallClock = Mutex(WallClock())
    private let errors = HandlerErrors(TimeEffect.self, handler: technology)

    /// Creates the clocks of a machine.
    ///
    /// - Parameters:
    ///   - base: The simulation's time, whose wall clock is the true time.
    ///   - skew: How far the wall clock is ahead of the true time; behind where negative.
    ///   - drift: By how many millionths both clocks are too fast; too slow where negative. More than -1,000,000.
    ///   - uncertainty: What the handler says of its wall clock's accuracy at least; `nil` where it cannot tell.
    public convenience init(
        base: any TimeEffects,
        skew: Duration = .zero,
        drift: Int = 0,
        uncertainty: Duration? = nil
    ) {
        let clock = DriftingClock(drift: Int64(drift), at: base.monotonicNow.nanoseconds)
        let wallAtStart = base.now.nanosecondsSinceEpoch + skew.nanoseconds
        self.init(base: base, machine: MachineClock(clock, wallAtStart: wallAtStart, uncertainty: uncertainty))
    }

    private init(base: any TimeEffects, machine: MachineClock) {
        self.base = base
        self.machine = machine
    }

    /// The clocks as another process of the same machine sees them, such as one that was started again.
    ///
    /// That process has seen no time yet: its wall clock begins at the machine's, also where that has jumped back.
    public func restarted() -> SimulatedTimeHandler {
        SimulatedTimeHandler(base: base, machine: machine)
    }

    /// Nothing beyond the base contract.
    public var capabilities: Capabilities { Capabilities() }

    /// The wall clock.
    ///
    /// Where an uncertainty is declared, it is never less than how far the clock is off.
    public var now: WallTime {
        let (monotonic, system, uncertainty) = machine.read(at: base.monotonicNow.nanoseconds)
        let wall = wallClock.withLock { $0.read(system: system, monotonic: monotonic) }
        let error = uncertainty.map { declared in
            max(declared, .nanoseconds((wall - base.now.nanosecondsSinceEpoch).magnitude))
        }
        return WallTime(nanosecondsSinceEpoch: wall, uncertainty: error)
    }

    /// The machine's monotonic clock, which showed zero when its handler was created.
    public var monotonicNow: MonotonicInstant {
        MonotonicInstant(nanoseconds: machine.read(at: base.monotonicNow.nanoseconds).monotonic)
    }

    /// Suspends the task until the machine's clock shows `deadline`.
    ///
    /// A sleep that is under way when the drift changes keeps the speed that it began with, but never ends early.
    public func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try errors.checkCancellation(in: "sleep")
        while monotonicNow < deadline {
            try await base.sleep(until: MonotonicInstant(nanoseconds: machine.moment(of: deadline.nanoseconds)))
        }
    }

    /// Moves the machine's wall clock, as its administrator would.
    ///
    /// - Parameter duration: How far; negative to go back.
    public func jumpWallClock(by duration: Duration) {
        machine.jump(by: duration.nanoseconds)
    }

    /// Changes the speed of both clocks from now on.
    ///
    /// - Parameter drift: By how many millionths they are faster than before; slower where negative. In sum they may not be
    ///   slower by 1,000,000.
    public func changeDrift(by drift: Int) {
        machine.changeDrift(by: Int64(drift), at: base.monotonicNow.nanoseconds)
    }
}

/// The clocks of a machine, which outlive its processes.
private final class MachineClock: Sendable {
    private struct State {
        var clock: DriftingClock
        /// How far the wall clock is ahead of the monotonic one.
        var wallAhead: Int64
    }

    private let state: Mutex<State>
    private let uncertainty: Duration?

    init(_ clock: DriftingClock, wallAtStart: Int64, uncertainty: Duration?) {
        state = Mutex(State(clock: clock, wallAhead: wallAtStart))
        self.uncertainty = uncertainty
    }

    func read(at base: Int64) -> (monotonic: Int64, wall: Int64, uncertainty: Duration?) {
        state.withLock { state in
            let monotonic = state.clock.reading(at: base)
            return (monotonic, monotonic + state.wallAhead, uncertainty)
        }
    }

    func moment(of reading: Int64) -> Int64 {
        state.withLock { $0.clock.moment(of: reading) }
    }

    func jump(by nanoseconds: Int64) {
        state.withLock { $0.wallAhead += nanoseconds }
    }

    func changeDrift(by drift: Int64, at base: Int64) {
        state.withLock { $0.clock.setDrift($0.clock.drift + drift, at: base) }
    }
}
