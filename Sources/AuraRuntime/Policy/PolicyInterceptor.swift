public import AuraEffects

/// Carries the policies of a handler's operations out, each call in the order of ``EffectPolicy``.
///
/// One interceptor belongs to one handler. Its operations share a concurrency limit, a circuit breaker and a budget of
/// repetitions; an operation whose refinement sets a limit or a breaker has that one for itself. An operation that answers
/// at once, and a wait for a sequence's next element, pass as they are.
///
/// A call that its handler answers at once costs one task, which begins and ends on the calling thread; without deadline and
/// attempt timeout not even that.
public final class PolicyInterceptor: Interceptor {
    /// `policy`.
    public let name = "policy"

    private let time: any TimeEffects
    private let random: any RandomEffects
    private let timer: PolicyTimer
    private let observer: (any PolicyObserver)?
    /// By the operations' places in their catalogue; `nil` where a call passes as it is.
    let policies: [OperationPolicy?]

    /// Creates an interceptor.
    ///
    /// - Parameters:
    ///   - settings: The policies.
    ///   - target: The handler.
    ///   - operations: The catalogue of the handler's effect.
    ///   - time: The clock, without interceptors.
    ///   - random: Where jitter comes from, without interceptors.
    ///   - timer: What ends waits; its owner runs and stops it.
    ///   - observer: Who wants to know what happens.
    public init(
        _ settings: PolicySettings,
        of target: EffectTarget,
        operations: [EffectOperation],
        time: any TimeEffects,
        random: any RandomEffects,
        timer: PolicyTimer,
        observer: (any PolicyObserver)? = nil
    ) {
        self.time = time
        self.random = random
        self.timer = timer
        self.observer = observer
        policies = settings.compiled(for: target, operations, observer)
    }

    /// Carries out a call under its operation's policy.
    @inline(__always)
    public func intercept(
        _ call: EffectCall,
        _ next: EffectContinuation
    ) async throws(EffectError) -> EffectAnswer {
        let index = call.operation.index
        guard index < policies.count, let policy = policies[index] else { return try await next() }
        var now = time.monotonicNow
        var deadline = now.later(by: policy.deadlineNanoseconds)
        deadline = min(deadline, EffectDeadline.moment)
        var attempt = 1
        var outcome = EffectError.Outcome.notApplied
        while true {
            guard now < deadline else { throw policy.deadlinePassed("before the call began").with(outcome) }
            if !policy.tryEnter() {
                try await waitForTurn(until: deadline, policy, outcome)
                now = time.monotonicNow
            }
            let admission: CircuitBreakerState.Admission?
            do throws(EffectError) {
                admission = try policy.admit(at: now)
            } catch {
                throw error.with(outcome)
            }
            let limit = min(deadline, now.later(by: policy.attemptNanoseconds))
            var answer: EffectAnswer?
            var failure: EffectError?
            if limit < .distantFuture {
                let attempt = Attempt(next)
                let task = attempt.start(until: limit)
                if !attempt.isOver {
                    await attempt.wait(for: task, until: limit, timer)
                    now = time.monotonicNow
                }
                answer = attempt.result
                if answer == nil { failure = attempt.error(policy, limit, deadline) }
            } else {
                do throws(EffectError) {
                    answer = try await next()
                } catch {
                    failure = error
                }
                now = time.monotonicNow
            }
            if let answer {
                policy.succeeded(admission, at: now)
                return answer
            }
            guard let error = failure else { preconditionFailure("An attempt without an answer has an error.") }
            now = time.monotonicNow
            policy.failed(error, admission, at: now)
            if error.outcome == .unknown { outcome = .unknown }
            guard let delay = delay(after: attempt, error, outcome, of: call, policy, now, deadline) else {
                throw error.with(outcome)
            }
            observer?.retried(call, attempt: attempt, after: delay, because: error)
            try await pause(delay, from: now, after: error, outcome)
            now = time.monotonicNow
            attempt += 1
        }
    }
}

// MARK: Waits

extension PolicyInterceptor {
    private func waitForTurn(
        until deadline: MonotonicInstant,
        _ policy: OperationPolicy,
        _ outcome: EffectError.Outcome
    ) async throws(EffectError) {
        guard let limiter = policy.limiter else { return }
        switch await limiter.acquire(until: deadline, timer) {
        case .granted: return
        case .timeIsUp: throw policy.deadlinePassed("while the call waited for its turn").with(outcome)
        case .stopped: throw OperationPolicy.stopped(outcome)
        case .cancelled:
            throw EffectError(
                .cancelled,
                "The task was cancelled while the call waited for its turn.",
                outcome: outcome
            )
        case nil: throw limiter.queueIsFull.with(outcome)
        }
    }

    /// The pause before the next attempt; `nil` where the call is not repeated.
    private func delay(
        after attempt: Int,
        _ error: EffectError,
        _ outcome: EffectError.Outcome,
        of call: EffectCall,
        _ policy: OperationPolicy,
        _ now: MonotonicInstant,
        _ deadline: MonotonicInstant
    ) -> Duration? {
        guard let retry = policy.retry, error.isRetryable else { return nil }
        guard call.isIdempotent || call.mayFollow(error, outcome) else { return nil }
        // Every failure counts, whether or not its call has attempts left.
        guard policy.budget.failed(), let delay = retry.delay(after: attempt, error, random) else { return nil }
        return now.advanced(by: delay) < deadline ? delay : nil
    }

    private func pause(
        _ delay: Duration,
        from now: MonotonicInstant,
        after last: EffectError,
        _ outcome: EffectError.Outcome
    ) async throws(EffectError) {
        do throws(EffectError) {
            try await time.sleep(until: now.advanced(by: delay))
        } catch {
            guard error.code == .cancelled else { throw error.with(outcome) }
            throw EffectError(
                .cancelled,
                "The task was cancelled while the call waited for its next attempt; the last one failed: \(last.code).",
                cause: last,
                outcome: outcome
            )
        }
    }
}

extension EffectCall {
    /// Whether a call whose second effect would be another one may be repeated: the service took no notice of it.
    ///
    /// An operation that is idempotent with no arguments stays what it is: once only.
    fileprivate func mayFollow(_ error: EffectError, _ outcome: EffectError.Outcome) -> Bool {
        error.code == .throttled && outcome == .notApplied && isRepeatable && operation.idempotency != .never
    }
}

extension EffectError {
    /// The error of a call whose earlier attempts ended like this.
    fileprivate func with(_ outcome: Outcome) -> EffectError {
        guard outcome == .unknown else { return self }
        var error = self
        error.outcome = .unknown
        return error
    }
}
