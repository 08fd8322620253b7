// @Effect("time")
/// Clocks and sleeping.
///
/// Application code and framework code outside handlers take every moment and every wait from here, so that a test
/// can hold the clock and a simulation can own it.
public protocol TimeEffects: EffectHandler {
    /// The wall clock, with its uncertainty.
    ///
    /// After a backward step of the system's clock a handler goes on from monotonic time and lets the wall clock catch
    /// up, so that `now` never goes back within a process.
    var now: WallTime { get }

    /// A clock that never goes back and does not stop while the process runs.
    var monotonicNow: MonotonicInstant { get }

    // @Operation(.idempotent)
    /// Suspends the task until `deadline`; returns at once where that is past.
    ///
    /// - Parameter deadline: When to go on, on the monotonic clock.
    /// - Throws: ``EffectError`` with `cancelled` as soon as the task is cancelled, also where it already was.
    func sleep(until deadline: MonotonicInstant) async throws(EffectError)
}

extension TimeEffects {
    /// Suspends the task for `duration`.
    ///
    /// - Parameter duration: How long from now on, on the monotonic clock.
    /// - Throws: ``EffectError`` with `cancelled` when the task is cancelled.
    public func sleep(for duration: Duration) async throws(EffectError) {
        try await sleep(until: monotonicNow.advanced(by: duration))
    }

    /// This handler as a `Clock`, for code that takes one.
    public var clock: EffectClock { EffectClock(self) }
}

/// A ``TimeEffects`` handler as a `Clock` of the standard library.
public struct EffectClock: Clock {
    private let time: any TimeEffects

    /// Wraps a handler.
    public init(_ time: any TimeEffects) {
        self.time = time
    }

    /// The handler's monotonic clock.
    public var now: MonotonicInstant { time.monotonicNow }

    /// One nanosecond.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// Suspends the task until `deadline`.
    ///
    /// - Parameters:
    ///   - deadline: When to go on.
    ///   - tolerance: Not used: handlers wake as soon as they can.
    /// - Throws: ``EffectError`` with `cancelled` when the task is cancelled.
    public func sleep(until deadline: MonotonicInstant, tolerance: Duration?) async throws {
        try await time.sleep(until: deadline)
    }
}
