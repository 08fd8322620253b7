public import AuraEffects
public import Metrics

/// What the policy of a handler reports: retries, the circuit breaker, the concurrency limit, and the retry budget.
///
/// It is made once per handler. Without a metrics backend reporting costs a comparison.
public struct PolicyMetrics: Sendable {
    /// The state of a circuit breaker, as `aura_breaker_state` shows it.
    public enum BreakerState: Int, Sendable {
        /// Calls pass.
        case closed = 0
        /// One call at a time passes, to find out.
        case halfOpen = 1
        /// Calls are refused.
        case open = 2
    }

    private let retries: [Counter]
    private let breakers: [Gauge]
    private let queues: [Gauge]
    private let budget: Gauge?

    /// Creates the metrics of one handler's policy.
    ///
    /// - Parameters:
    ///   - target: The handler.
    ///   - operations: The catalogue of the handler's effect.
    ///   - factory: The metrics backend; by default the one that was bootstrapped.
    public init(
        of target: EffectTarget,
        operations: [EffectOperation],
        factory: any MetricsFactory = MetricsSystem.factory
    ) {
        guard !(factory is NOOPMetricsHandler) else {
            (retries, breakers, queues, budget) = ([], [], [], nil)
            return
        }
        let instance = target.instance.isEmpty ? [] : [("effect_instance", target.instance)]
        let handler = [("effect", target.effect)] + instance
        func gauges(_ label: String) -> [Gauge] {
            operations.map { operation in
                Gauge(label: label, dimensions: handler + [("operation", operation.name)], factory: factory)
            }
        }
        retries = operations.map { operation in
            Counter(
                label: AuraMetric.retries,
                dimensions: handler + [("operation", operation.name)],
                factory: factory
            )
        }
        breakers = gauges(AuraMetric.breakerState)
        queues = gauges(AuraMetric.policyQueueDepth)
        budget = Gauge(label: AuraMetric.retryBudget, dimensions: handler, factory: factory)
    }

    /// Says that a call is attempted again.
    public func retried(_ operation: EffectOperation) {
        guard operation.index < retries.count else { return }
        retries[operation.index].increment()
    }

    /// Says which state an operation's circuit breaker is in now.
    public func breaker(of operation: EffectOperation, is state: BreakerState) {
        guard operation.index < breakers.count else { return }
        breakers[operation.index].record(state.rawValue)
    }

    /// Says how many calls of an operation wait for the concurrency limit now.
    public func waiting(_ count: Int, for operation: EffectOperation) {
        guard operation.index < queues.count else { return }
        queues[operation.index].record(count)
    }

    /// Says how many retries the budget allows now.
    public func retryBudget(_ tokens: Double) { budget?.record(tokens) }
}
