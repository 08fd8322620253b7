#if os(Linux)
public import AuraEffects
internal import AuraRuntime

/// The true time of a simulation: what its nodes' clocks differ from.
///
/// It is to be used inside a simulation only.
public struct VirtualTimeHandler: TimeEffects {
    private let scheduler: Scheduler
    private let errors = HandlerErrors(TimeEffect.self, handler: "virtual")

    init(_ scheduler: Scheduler) {
        self.scheduler = scheduler
    }

    /// Creates the clock of the simulation that the caller runs in.
    public init() {
        self.init(Scheduler.running)
    }

    /// Nothing beyond the base contract.
    public var capabilities: Capabilities { Capabilities() }

    /// The wall clock: exact.
    public var now: WallTime {
        WallTime(nanosecondsSinceEpoch: Int64(clamping: scheduler.wallNow), uncertainty: .zero)
    }

    /// The time since the simulation began.
    public var monotonicNow: MonotonicInstant {
        MonotonicInstant(nanoseconds: Int64(clamping: scheduler.now))
    }

    /// Suspends the task until `deadline`.
    public func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try errors.checkCancellation(in: "sleep")
        let now = monotonicNow
        guard now < deadline else { return }
        do {
            try await Task.sleep(for: now.duration(to: deadline), clock: .continuous)
        } catch {
            throw errors.cancelled(in: "sleep")
        }
    }
}
#endif
