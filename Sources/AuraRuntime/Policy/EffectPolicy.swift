/// What surrounds each call of an operation, in one fixed order:
/// deadline ▸ retry ▸ concurrency limit ▸ circuit breaker ▸ attempt timeout ▸ call.
///
/// ```swift
/// let policy = EffectPolicy()
///     .retry(.exponential(attempts: 5))
///     .deadline(.seconds(60))
///     .attemptTimeout(.seconds(5))
/// ```
///
/// The order of the calls that build it means nothing. A part that is not set is left to the policy that this one refines,
/// see ``refined(by:)``; a part that is set to `nil` is switched off.
public struct EffectPolicy: Sendable {
    /// A part of a policy that refines another one.
    enum Part<Value: Sendable>: Sendable {
        /// What the other policy says.
        case inherited
        case off
        case on(Value)

        init(_ value: Value?) {
            self = value.map(Part.on) ?? .off
        }

        var value: Value? {
            guard case .on(let value) = self else { return nil }
            return value
        }

        var isInherited: Bool {
            guard case .inherited = self else { return false }
            return true
        }

        func refined(by other: Part) -> Part {
            other.isInherited ? self : other
        }
    }

    var deadlinePart = Part<Duration>.inherited
    var retryPart = Part<RetryPolicy>.inherited
    var concurrencyPart = Part<ConcurrencyLimit>.inherited
    var breakerPart = Part<CircuitBreakerPolicy>.inherited
    var attemptTimeoutPart = Part<Duration>.inherited

    /// Creates a policy that does nothing.
    public init() {}

    /// How long a call may take with all its attempts and waits.
    public var deadline: Duration? { deadlinePart.value }
    /// Whether and when a failed call is tried again.
    public var retry: RetryPolicy? { retryPart.value }
    /// How many calls may be under way at once.
    public var concurrency: ConcurrencyLimit? { concurrencyPart.value }
    /// When calls fail at once because the handler keeps failing.
    public var breaker: CircuitBreakerPolicy? { breakerPart.value }
    /// How long one attempt may take.
    public var attemptTimeout: Duration? { attemptTimeoutPart.value }

    /// Whether it does nothing to a call.
    public var isEmpty: Bool {
        deadline == nil && (retry?.isNone ?? true) && concurrency == nil && breaker == nil && attemptTimeout == nil
    }
}

// MARK: Building

extension EffectPolicy {
    /// The policy with a deadline for a call with all its attempts and waits.
    ///
    /// - Parameter duration: How long a call may take; more than zero. `nil` for any time.
    public func deadline(_ duration: Duration?) -> EffectPolicy {
        precondition(duration.map { $0 > .zero } ?? true, "A deadline is more than zero.")
        var copy = self
        copy.deadlinePart = .init(duration)
        return copy
    }

    /// The policy with repetitions of failed calls.
    public func retry(_ policy: RetryPolicy) -> EffectPolicy {
        var copy = self
        copy.retryPart = .on(policy)
        return copy
    }

    /// The policy with a limit of calls at once.
    ///
    /// - Parameter limit: The limit; `nil` for none.
    public func concurrency(_ limit: ConcurrencyLimit?) -> EffectPolicy {
        var copy = self
        copy.concurrencyPart = .init(limit)
        return copy
    }

    /// The policy with a limit of calls at once.
    ///
    /// - Parameters:
    ///   - limit: The most calls under way; at least one.
    ///   - queue: The most calls that wait for their turn; not negative.
    public func concurrency(_ limit: Int, queue: Int) -> EffectPolicy {
        concurrency(ConcurrencyLimit(limit, queue: queue))
    }

    /// The policy with a circuit breaker.
    ///
    /// - Parameter breaker: When it opens and for how long; `nil` for no breaker.
    public func breaker(_ breaker: CircuitBreakerPolicy?) -> EffectPolicy {
        var copy = self
        copy.breakerPart = .init(breaker)
        return copy
    }

    /// The policy with a limit of each attempt's time.
    ///
    /// - Parameter duration: How long an attempt may take; more than zero. `nil` for any time.
    public func attemptTimeout(_ duration: Duration?) -> EffectPolicy {
        precondition(duration.map { $0 > .zero } ?? true, "An attempt's timeout is more than zero.")
        var copy = self
        copy.attemptTimeoutPart = .init(duration)
        return copy
    }

    /// The policy with the parts that another one sets, or switches off, in the place of its own.
    public func refined(by other: EffectPolicy) -> EffectPolicy {
        var copy = self
        copy.deadlinePart = deadlinePart.refined(by: other.deadlinePart)
        copy.retryPart = retryPart.refined(by: other.retryPart)
        copy.concurrencyPart = concurrencyPart.refined(by: other.concurrencyPart)
        copy.breakerPart = breakerPart.refined(by: other.breakerPart)
        copy.attemptTimeoutPart = attemptTimeoutPart.refined(by: other.attemptTimeoutPart)
        return copy
    }
}

/// How many calls may be under way at once, and how many may wait for their turn.
public struct ConcurrencyLimit: Sendable, Hashable {
    /// The most calls under way.
    public let limit: Int

    /// The most calls that wait; one more fails with `resourceExhausted`.
    public let queue: Int

    /// Creates a limit.
    ///
    /// - Parameters:
    ///   - limit: The most calls under way; at least one.
    ///   - queue: The most calls that wait for their turn; not negative.
    public init(_ limit: Int, queue: Int) {
        precondition(limit >= 1 && queue >= 0, "A concurrency limit lets a call through, and has no negative queue.")
        self.limit = limit
        self.queue = queue
    }
}
