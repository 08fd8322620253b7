internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime

/// The way from one caller to a service of a simulated cloud and back, on which calls are slow, refused and lost.
struct CloudGate: Sendable {
    /// Whether a call whose answer is lost may have changed something.
    enum Kind {
        case read
        case change
    }

    /// What becomes of a call.
    private struct Fate: Sendable {
        enum End {
            case answered
            case throttled
            case refused
            case lostRequest
            case lostAnswer
        }

        var end = End.answered
        var outward: Duration
        var homeward: Duration
        var timeout: Duration
    }

    let cloud: SimulatedCloud
    let caller: String
    /// The service's family and name, which it draws by.
    let service: String
    let errors: HandlerErrors

    init<Key: EffectKey>(_ key: Key.Type, _ name: String, for caller: String, in cloud: SimulatedCloud) {
        self.cloud = cloud
        self.caller = caller
        service = "\(Key.name)/\(name)"
        errors = HandlerErrors(key, handler: SimulatedCloud.technology)
    }

    /// Carries a call out, or not.
    ///
    /// - Parameters:
    ///   - operation: The operation's name.
    ///   - kind: Whether it may change something.
    ///   - body: What the service does.
    /// - Returns: What `body` returns.
    /// - Throws: What `body` throws; the call's fate.
    func call<Answer: Sendable>(
        _ operation: String,
        _ kind: Kind,
        _ body: () async throws(EffectError) -> Answer
    ) async throws(EffectError) -> Answer {
        try errors.checkCancellation(in: operation)
        let fate = drawFate()
        let unknown: EffectError.Outcome = kind == .change ? .unknown : .notApplied
        try await wait(fate.outward, in: operation, .notApplied)
        switch fate.end {
        case .throttled:
            var error = errors.error(
                .throttled,
                in: operation,
                "The service is asked too often: ask again a little later."
            )
            error.retryAfter = .milliseconds(100)
            throw error
        case .refused:
            throw errors.error(.unavailable, in: operation, "The service does not answer now: try again.")
        case .lostRequest:
            try await wait(fate.timeout, in: operation, unknown)
            throw lost(operation, unknown)
        case .answered, .lostAnswer: break
        }
        let answer: Result<Answer, EffectError>
        do throws(EffectError) {
            answer = .success(try await body())
        } catch {
            answer = .failure(named(error))
        }
        if fate.end == .lostAnswer {
            try await wait(fate.timeout, in: operation, unknown)
            throw lost(operation, unknown)
        }
        try await wait(fate.homeward, in: operation, unknown)
        return try answer.get()
    }

    /// Draws what the service does besides.
    func draw<Value: Sendable>(
        _ body: (CloudConditions, inout SplitMix64, inout CloudCounters) -> Value
    ) -> Value {
        cloud.draw(of: service, for: caller, body)
    }

    private func drawFate() -> Fate {
        draw { conditions, generator, counters in
            counters.calls += 1
            var latency = conditions.latency + .drawn(below: conditions.jitter, &generator)
            if generator.happens(conditions.tailProbability) {
                latency += .drawn(below: conditions.tailLatency, &generator)
            }
            var fate = Fate(outward: latency / 2, homeward: latency / 2, timeout: conditions.timeout)
            if generator.happens(conditions.throttled) {
                fate.end = .throttled
                counters.throttled += 1
            } else if generator.happens(conditions.refused) {
                fate.end = .refused
                counters.refused += 1
            } else if generator.happens(conditions.lostRequests) {
                fate.end = .lostRequest
                counters.lostRequests += 1
            } else if generator.happens(conditions.lostAnswers) {
                fate.end = .lostAnswer
                counters.lostAnswers += 1
            }
            return fate
        }
    }

    private func wait(
        _ duration: Duration,
        in operation: String,
        _ outcome: EffectError.Outcome
    ) async throws(EffectError) {
        guard duration > .zero else { return }
        do throws(EffectError) {
            try await cloud.time.sleep(for: duration)
        } catch {
            let message = "The task was cancelled while the service was asked."
            throw errors.error(.cancelled, in: operation, message, outcome: outcome)
        }
    }

    private func lost(_ operation: String, _ outcome: EffectError.Outcome) -> EffectError {
        let message =
            outcome == .unknown
            ? "No answer came: the call may have taken effect. Read before you decide, or repeat what may be repeated."
            : "No answer came: try again."
        return errors.error(.unavailable, in: operation, message, isRetryable: true, outcome: outcome)
    }

    /// An error of the model that the service is made of, as the service's own.
    private func named(_ error: EffectError) -> EffectError {
        var error = error
        error.handler = errors.handler
        return error
    }
}
