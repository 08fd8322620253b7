/// When a circuit breaker opens, and for how long.
///
/// While it is closed it counts how calls ended. When too many of them failed it opens: calls fail at once, so that a handler
/// in trouble is left in peace and nobody waits for it. After a while it lets a single call through, the probe: that one's
/// end closes the breaker or opens it again.
public struct CircuitBreakerPolicy: Sendable, Hashable {
    /// The part of the calls within the window that must have failed, above zero and at most one.
    public let failureRate: Double

    /// How far back it looks.
    public let window: Duration

    /// The least number of calls within the window that it judges by.
    public let minimumCalls: Int

    /// How long it stays open before it lets a probe through.
    public let openFor: Duration

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - failureRate: The part of the calls that must have failed, above zero and at most one.
    ///   - window: How far back it looks; at least a microsecond.
    ///   - minimumCalls: The least number of calls that it judges by; at least one.
    ///   - openFor: How long it stays open; more than zero.
    public init(
        failureRate: Double = 0.5,
        window: Duration = .seconds(10),
        minimumCalls: Int = 20,
        openFor: Duration = .seconds(5)
    ) {
        precondition(failureRate > 0 && failureRate <= 1, "A failure rate is above zero and at most one.")
        precondition(window >= .microseconds(1) && openFor > .zero && minimumCalls >= 1, "A breaker looks at something.")
        self.failureRate = failureRate
        self.window = window
        self.minimumCalls = minimumCalls
        self.openFor = openFor
    }
}

/// What a circuit breaker does with calls.
public enum CircuitBreakerPhase: String, Sendable, Hashable {
    /// It lets them through.
    case closed
    /// It fails them at once.
    case open
    /// It lets one through as a probe, and fails the others.
    case halfOpen
}
