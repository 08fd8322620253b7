public import AuraEffects
internal import AuraRuntime
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The machine's clocks.
///
/// `now` never goes back within the process: after a backward step of the system's clock it runs at 9/10 of its speed until
/// that has caught up. Its uncertainty is `nil`, since the platforms' C modules lack the kernel's estimate. The monotonic
/// clock goes on while the machine is suspended.
public struct SystemTimeHandler: TimeEffects {
    /// The name in profiles.
    public static let technology = "system"

    // One for the process: two handlers must not disagree after a step.
    private static let wallClock = Mutex(WallClock())

    #if canImport(Darwin)
    private static let monotonicClock = CLOCK_MONOTONIC
    #else
    private static let monotonicClock = CLOCK_BOOTTIME
    #endif

    private static let longestSleep: Int64 = 86_400_000_000_000

    private let errors = HandlerErrors(TimeEffect.self, handler: technology)

    /// Creates a handler; all share the process's clocks.
    public init() {}

    /// Nothing beyond the base contract.
    public var capabilities: Capabilities { Capabilities() }

    /// The wall clock.
    public var now: WallTime {
        let system = Self.read(CLOCK_REALTIME)
        let monotonic = Self.read(Self.monotonicClock)
        let wall = Self.wallClock.withLock { $0.read(system: system, monotonic: monotonic) }
        return WallTime(nanosecondsSinceEpoch: wall)
    }

    /// The monotonic clock: the time since the machine started, suspended or not.
    public var monotonicNow: MonotonicInstant {
        MonotonicInstant(nanoseconds: Self.read(Self.monotonicClock))
    }

    /// Suspends the task until `deadline`.
    public func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try errors.checkCancellation(in: "sleep")
        while true {
            let now = monotonicNow
            guard now < deadline else { return }
            // A sleep of centuries would overflow below: wake once a day and go on.
            let pause = min(deadline.nanoseconds - now.nanoseconds, Self.longestSleep)
            do {
                try await Task.sleep(for: .nanoseconds(pause), clock: .continuous)
            } catch {
                throw errors.cancelled(in: "sleep")
            }
        }
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        let status = unsafe clock_gettime(clock, &time)
        precondition(status == 0, "The system lacks the clock \(clock).")
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
