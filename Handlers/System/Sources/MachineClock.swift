internal import AuraEffects
internal import AuraRuntime
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The machine's clocks, the wall clock corrected by what time servers say.
final class MachineClock: TimeEffects {
    /// The process's clock: two handlers must not disagree after a step or a correction.
    static let shared = MachineClock()

    #if canImport(Darwin)
    private static let monotonicClock = CLOCK_MONOTONIC
    #else
    private static let monotonicClock = CLOCK_BOOTTIME
    #endif

    private static let longestSleep: Int64 = 86_400_000_000_000

    private let wallClock = Mutex(DisciplinedClock())
    private let errors = HandlerErrors(TimeEffect.self, handler: SystemTimeHandler.technology)

    var capabilities: Capabilities { Capabilities() }

    var now: WallTime {
        let (system, monotonic) = (systemNow, monotonicNow.nanoseconds)
        let (wall, uncertainty) = wallClock.withLock { $0.read(system: system, monotonic: monotonic) }
        return WallTime(nanosecondsSinceEpoch: wall, uncertainty: uncertainty.map { .nanoseconds($0) })
    }

    var monotonicNow: MonotonicInstant {
        MonotonicInstant(nanoseconds: Self.read(Self.monotonicClock))
    }

    /// What the system's clock shows, in nanoseconds since 1970, whatever servers say.
    var systemNow: Int64 { Self.read(CLOCK_REALTIME) }

    /// Corrects the wall clock; with `nil` it is the system's again.
    func correct(by correction: DisciplinedClock.Correction?) {
        let (system, monotonic) = (systemNow, monotonicNow.nanoseconds)
        wallClock.withLock { $0.correct(by: correction, system: system, monotonic: monotonic) }
    }

    func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
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
