public import AuraEffects

/// Learns what policies do, for metrics and logs.
///
/// Its methods are called on the calling task and have to be quick; they are safe to call from many tasks at once.
public protocol PolicyObserver: Sendable {
    /// A call failed and will be repeated.
    ///
    /// - Parameters:
    ///   - call: The call.
    ///   - attempt: How many attempts have failed, from one.
    ///   - delay: How long it waits before the next one.
    ///   - error: What the last attempt failed with.
    func retried(_ call: EffectCall, attempt: Int, after delay: Duration, because error: EffectError)

    /// A circuit breaker changed its phase.
    ///
    /// - Parameters:
    ///   - target: The handler that it protects.
    ///   - name: The breaker's name: the effect's, or the key of an operation that has a breaker of its own.
    ///   - old: The phase before.
    ///   - new: The phase now.
    func breakerChanged(
        of target: EffectTarget,
        name: String,
        from old: CircuitBreakerPhase,
        to new: CircuitBreakerPhase
    )

    /// The number of calls that wait for a concurrency limit changed.
    ///
    /// - Parameters:
    ///   - target: The handler that is limited.
    ///   - name: The limit's name: the effect's, or the key of an operation that has a limit of its own.
    ///   - depth: How many calls wait.
    func queueChanged(of target: EffectTarget, name: String, depth: Int)
}
