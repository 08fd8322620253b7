public import AuraEffects

/// Whether a failed call is tried again, and when.
///
/// Only calls with a retryable error are, whatever the strategy: idempotent ones, and those that depend on their arguments, such as
/// a change under a condition, where the error is `throttled` and nothing has changed. A server that asks for a longer pause than the
/// strategy's gets it, and a repetition that the deadline would not see is not begun.
public struct RetryPolicy: Sendable {
    /// A function of how many attempts have failed, from one, and of the last one's error: the pause before the next
    /// attempt, or `nil` to give up.
    public typealias CustomDelay = @Sendable (_ attempt: Int, _ error: EffectError) -> Duration?

    enum Strategy: Sendable {
        case none
        case fixed(delay: Duration, attempts: Int)
        case exponential(attempts: Int, base: Duration, maximum: Duration)
        case custom(CustomDelay)
    }

    let strategy: Strategy

    /// One attempt.
    public static let none = RetryPolicy(strategy: .none)

    /// The same pause before each repetition.
    ///
    /// - Parameters:
    ///   - delay: The pause; not negative.
    ///   - attempts: The most attempts, the first one among them; at least one.
    /// - Returns: The policy.
    public static func fixed(_ delay: Duration, attempts: Int) -> RetryPolicy {
        precondition(delay >= .zero && attempts >= 1, "A retry has a pause that is not negative, and an attempt.")
        return RetryPolicy(strategy: .fixed(delay: delay, attempts: attempts))
    }

    /// A random pause from zero to a bound that doubles with each repetition: "full jitter".
    ///
    /// Source: Brooker, "Exponential Backoff And Jitter" (AWS Architecture Blog, 2015).
    ///
    /// - Parameters:
    ///   - attempts: The most attempts, the first one among them; at least one.
    ///   - base: The bound of the first pause; not negative.
    ///   - maximum: The largest bound; not below `base`.
    /// - Returns: The policy.
    public static func exponential(
        attempts: Int,
        base: Duration = .milliseconds(50),
        maximum: Duration = .seconds(5)
    ) -> RetryPolicy {
        precondition(attempts >= 1 && base >= .zero && maximum >= base, "A retry has an attempt, and bounds that grow.")
        return RetryPolicy(strategy: .exponential(attempts: attempts, base: base, maximum: maximum))
    }

    /// Pauses of one's own.
    ///
    /// - Parameter delay: The pause before the next attempt, or `nil` to give up; called from many tasks at once.
    /// - Returns: The policy.
    public static func custom(_ delay: @escaping CustomDelay) -> RetryPolicy {
        RetryPolicy(strategy: .custom(delay))
    }
}

extension RetryPolicy {
    /// Whether there is never a second attempt.
    var isNone: Bool {
        guard case .none = strategy else { return false }
        return true
    }

    /// Decides about another attempt.
    ///
    /// - Parameters:
    ///   - attempt: How many attempts have failed, from one.
    ///   - error: The last one's error.
    ///   - random: Where jitter comes from.
    /// - Returns: The pause before the next attempt; `nil` to give up.
    func delay(after attempt: Int, _ error: EffectError, _ random: any RandomEffects) -> Duration? {
        let delay: Duration
        switch strategy {
        case .none:
            return nil
        case .fixed(let pause, let attempts):
            guard attempt < attempts else { return nil }
            delay = pause
        case .exponential(let attempts, let base, let maximum):
            guard attempt < attempts else { return nil }
            delay = Self.fullJitter(below: Self.bound(attempt, base: base, maximum: maximum), random)
        case .custom(let pause):
            guard let pause = pause(attempt, error) else { return nil }
            delay = max(.zero, pause)
        }
        return max(delay, error.retryAfter ?? .zero)
    }

    /// The bound of the pause after so many failed attempts: `base` doubled for each but the first.
    private static func bound(_ attempt: Int, base: Duration, maximum: Duration) -> Duration {
        let (base, maximum) = (base.nanoseconds, maximum.nanoseconds)
        let doublings = attempt - 1
        guard doublings < 63, base <= maximum >> Int64(doublings) else { return .nanoseconds(maximum) }
        return .nanoseconds(base << Int64(doublings))
    }

    private static func fullJitter(below bound: Duration, _ random: any RandomEffects) -> Duration {
        var generator = random.generator
        return .nanoseconds(Int64.random(in: 0...bound.nanoseconds, using: &generator))
    }
}

extension RetryPolicy: CustomStringConvertible {
    /// The strategy in a few words, such as `exponential, 5 attempts, 50ms to 5s`.
    public var description: String {
        switch strategy {
        case .none: "none"
        case .fixed(let delay, let attempts): "fixed, \(attempts) attempts, \(delay.spelled)"
        case .exponential(let attempts, let base, let maximum):
            "exponential, \(attempts) attempts, \(base.spelled) to \(maximum.spelled)"
        case .custom: "custom"
        }
    }
}
