internal import AuraEffects

/// The policy of one operation, with what its calls share.
final class OperationPolicy: Sendable {
    let deadline: Duration?
    let attemptTimeout: Duration?
    let retry: RetryPolicy?
    /// Whether ``retry`` is there.
    let repeats: Bool
    let limiter: ConcurrencyLimiter?
    let breaker: CircuitBreaker?
    let budget: RetryBudget

    /// The durations in nanoseconds; the largest number where there is none.
    let deadlineNanoseconds: Int64
    let attemptNanoseconds: Int64

    init(_ policy: EffectPolicy, _ limiter: ConcurrencyLimiter?, _ breaker: CircuitBreaker?, _ budget: RetryBudget) {
        deadline = policy.deadline
        attemptTimeout = policy.attemptTimeout
        retry = policy.retry.flatMap { $0.isNone ? nil : $0 }
        repeats = retry != nil
        self.limiter = limiter
        self.breaker = breaker
        self.budget = budget
        deadlineNanoseconds = policy.deadline?.nanoseconds ?? .max
        attemptNanoseconds = policy.attemptTimeout?.nanoseconds ?? .max
    }
}

// MARK: A call's way

// No part is read in the interceptor: an asynchronous function would retain it each time, and these are kept by their policy.
extension OperationPolicy {
    /// Takes a permit where one is free, or none is needed.
    func tryEnter() -> Bool {
        limiter?.tryAcquire() ?? true
    }

    /// Lets an attempt through the breaker; one that is refused gives its permit back.
    ///
    /// - Returns: What goes to ``succeeded(_:at:)`` or ``failed(_:_:at:)``; `nil` where there is no breaker.
    /// - Throws: ``EffectError`` with `unavailable` while the breaker is open.
    func admit(at now: MonotonicInstant) throws(EffectError) -> CircuitBreakerState.Admission? {
        guard let breaker else { return nil }
        do throws(EffectError) {
            return try breaker.admit(at: now)
        } catch {
            limiter?.release()
            throw error
        }
    }

    /// Takes note of an attempt that was answered, and gives its permit back.
    func succeeded(_ admission: CircuitBreakerState.Admission?, at now: MonotonicInstant) {
        limiter?.release()
        if let admission { breaker?.record(.healthy, of: admission, at: now) }
        if repeats { budget.succeeded() }
    }

    /// Takes note of an attempt that failed, and gives its permit back.
    func failed(_ error: EffectError, _ admission: CircuitBreakerState.Admission?, at now: MonotonicInstant) {
        limiter?.release()
        if let admission { breaker?.record(.init(error), of: admission, at: now) }
    }
}

extension MonotonicInstant {
    /// The moment so many nanoseconds later, cut at the largest: without the arithmetic of `Duration`.
    @inline(__always)
    func later(by nanoseconds: Int64) -> MonotonicInstant {
        let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
        return overflow ? .distantFuture : MonotonicInstant(nanoseconds: sum)
    }
}

// MARK: Errors

extension OperationPolicy {
    /// The error of a call whose deadline passed while no attempt was under way.
    func deadlinePassed(_ whereabouts: String) -> EffectError {
        EffectError(
            .deadlineExceeded,
            "The deadline passed \(whereabouts): give the call more time, or see why the handler is slow."
        )
    }

    /// The error of a call whose attempt was given no more time.
    ///
    /// - Parameters:
    ///   - limit: When the attempt had to be over.
    ///   - deadline: When the call has to be over.
    /// - Returns: The error.
    func noAnswer(by limit: MonotonicInstant, _ deadline: MonotonicInstant) -> EffectError {
        let reason =
            if limit < deadline, let attemptTimeout {
                "within the attempt timeout of \(attemptTimeout.spelled)"
            } else {
                "before the deadline"
            }
        return EffectError(
            .deadlineExceeded,
            "The handler did not answer \(reason): see why it is slow, or give it more time.",
            outcome: .unknown
        )
    }

    /// The error of a call that was under way, or waited, when the timer was stopped.
    static func stopped(_ outcome: EffectError.Outcome) -> EffectError {
        EffectError(
            .unavailable,
            "The effect system was stopped before the handler answered.",
            isRetryable: false,
            outcome: outcome
        )
    }
}
