internal import AuraEffects
internal import Synchronization

/// A circuit breaker that the calls of a handler, or of one of its operations, share.
final class CircuitBreaker: Sendable {
    private let name: String
    private let target: EffectTarget
    private let observer: (any PolicyObserver)?
    private let state: Mutex<CircuitBreakerState>
    private let message: String

    init(_ policy: CircuitBreakerPolicy, name: String, of target: EffectTarget, _ observer: (any PolicyObserver)?) {
        self.name = name
        self.target = target
        self.observer = observer
        state = Mutex(CircuitBreakerState(policy))
        message =
            "The circuit breaker '\(name)' is open, since too many calls failed: calls fail at once until a probe "
            + "succeeds; see why the handler fails."
    }

    /// Lets a call through.
    ///
    /// - Returns: What goes to ``record(_:of:at:)`` when the call has ended.
    /// - Throws: ``EffectError`` with `unavailable` while the breaker is open.
    @inline(__always)
    func admit(at now: MonotonicInstant) throws(EffectError) -> CircuitBreakerState.Admission {
        let (decision, change) = state.withLock { $0.admit(at: now) }
        if let change { report(change) }
        switch decision {
        case .admitted(let admission): return admission
        case .refused(let delay): throw EffectError(.unavailable, message, retryAfter: delay)
        }
    }

    /// Takes note of a call's end.
    @inline(__always)
    func record(
        _ verdict: CircuitBreakerState.Verdict,
        of admission: CircuitBreakerState.Admission,
        at now: MonotonicInstant
    ) {
        if let change = state.withLock({ $0.record(verdict, of: admission, at: now) }) { report(change) }
    }

    private func report(_ change: CircuitBreakerState.Change) {
        observer?.breakerChanged(of: target, name: name, from: change.from, to: change.to)
    }
}

extension CircuitBreakerState.Verdict {
    /// What an error says about the handler: the caller's mistakes do not speak against it.
    init(_ error: EffectError) {
        switch error.code {
        case .unavailable, .deadlineExceeded, .throttled, .resourceExhausted, .internal: self = .failing
        case .cancelled: self = .unknown
        default: self = .healthy
        }
    }
}
