public import AuraEffects
public import Metrics
internal import Synchronization

/// What the policies of one handler report: repetitions, circuit breakers, and the queues of concurrency limits.
///
/// `aura_retries_total{effect,operation}` counts repetitions; `aura_breaker_state{effect,breaker}` is 0 where a breaker is
/// closed, 1 where it is half open and 2 where it is open; `aura_policy_queue_depth{effect,limit}` says how many calls wait.
/// All of that is rare beside calls, so that metrics are looked up by name.
public final class PolicyMetrics: PolicyObserver {
    private struct Series: Hashable {
        var metric: String
        var name: String
    }

    private struct State {
        var counters: [String: Counter] = [:]
        var gauges: [Series: Gauge] = [:]
    }

    private let state = Mutex(State())
    private let labels: [(String, String)]
    private let factory: any MetricsFactory

    /// Creates the metrics of a handler's policies.
    ///
    /// - Parameters:
    ///   - target: The handler.
    ///   - factory: The metrics backend; by default the one that was bootstrapped.
    public init(of target: EffectTarget, factory: any MetricsFactory = MetricsSystem.factory) {
        labels =
            [("effect", target.effect)] + (target.instance.isEmpty ? [] : [("effect_instance", target.instance)])
        self.factory = factory
    }

    /// Counts the repetition.
    public func retried(_ call: EffectCall, attempt: Int, after delay: Duration, because error: EffectError) {
        let operation = call.operation.name
        let counter = state.withLock { state in
            state.counters.value(operation) {
                Counter(label: AuraMetric.retries, dimensions: labels + [("operation", operation)], factory: factory)
            }
        }
        counter.increment()
    }

    /// Reports the phase that the breaker is in now.
    public func breakerChanged(
        of target: EffectTarget,
        name: String,
        from old: CircuitBreakerPhase,
        to new: CircuitBreakerPhase
    ) {
        let value =
            switch new {
            case .closed: 0
            case .halfOpen: 1
            case .open: 2
            }
        record(value, in: Series(metric: AuraMetric.breakerState, name: name), naming: "breaker")
    }

    /// Reports how many calls wait now.
    public func queueChanged(of target: EffectTarget, name: String, depth: Int) {
        record(depth, in: Series(metric: AuraMetric.policyQueueDepth, name: name), naming: "limit")
    }

    private func record(_ value: Int, in series: Series, naming label: String) {
        let gauge = state.withLock { state in
            state.gauges.value(series) {
                Gauge(label: series.metric, dimensions: labels + [(label, series.name)], factory: factory)
            }
        }
        gauge.record(value)
    }
}

extension Dictionary {
    /// The value under a key, made where it is not there yet.
    fileprivate mutating func value(_ key: Key, orMake make: () -> Value) -> Value {
        if let value = self[key] { return value }
        let value = make()
        self[key] = value
        return value
    }
}
