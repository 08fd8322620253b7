public import AuraEffects
internal import AuraRuntime

/// The machine's clocks, on request corrected by time servers.
///
/// `now` never goes back within the process: after a backward step of the system's clock, or a correction, it runs at 9/10 of
/// its speed until that has caught up. Without time servers its uncertainty is `nil`, since the platforms' C modules lack
/// the kernel's estimate. The monotonic clock goes on while the machine is suspended.
public struct SystemTimeHandler: TimeEffects {
    /// The name in profiles.
    public static let technology = "system"

    private let clock: MachineClock
    private let client: NTPClient?

    /// Creates a handler without time servers; all share the process's clocks.
    public init() {
        self.init(.shared, client: nil)
    }

    init(_ clock: MachineClock, client: NTPClient?) {
        self.clock = clock
        self.client = client
    }

    /// Nothing beyond the base contract.
    public var capabilities: Capabilities { clock.capabilities }

    /// How the clock and its time servers stand; `nil` for a handler without such servers.
    public var synchronization: TimeSynchronization? { client?.synchronization }

    /// The wall clock, with how far the true time may lie from it once time servers agree.
    public var now: WallTime { clock.now }

    /// The monotonic clock: the time since the machine started, suspended or not.
    public var monotonicNow: MonotonicInstant { clock.monotonicNow }

    /// Suspends the task until `deadline`.
    public func sleep(until deadline: MonotonicInstant) async throws(EffectError) {
        try await clock.sleep(until: deadline)
    }
}
