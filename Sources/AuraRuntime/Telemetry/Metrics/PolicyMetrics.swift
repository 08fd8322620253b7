public import AuraEffects
public import Metrics
internal import Synchronization

/// What policies report: retries, circuit breakers, and the queues of concurrency limits.
///
/// One value serves all handlers. What it reports is rare beside calls, so that it looks its metrics up by name.
public final class PolicyMetrics: Sendable {
    /// The state of a circuit breaker, as `aura_breaker_state` shows it.
    public enum BreakerState: Int, Sendable {
        /// Calls pass.
        case closed = 0
        /// One call at a time passes, to find out.
        case halfOpen = 1
        /// Calls are refused.
        case open = 2
    }

    private struct Series: Hashable {
        var metric: String
        var effect: String
        var instance: String
        var name: String

        init(metric: String, of target: EffectTarget, name: String) {
            self.metric = metric
            effect = target.effect
            instance = target.instance
            self.name = name
        }

        func labels(naming label: String) -> [(String, String)] {
            [("effect", effect)] + (instance.isEmpty ? [] : [("effect_instance", instance)]) + [(label, name)]
        }
    }

    private struct State {
        var counters: [Series: Counter] = [:]
        var gauges: [Series: Gauge] = [:]
    }

    private let state = Mutex(State())
    private let factory: (any MetricsFactory)?

    /// Creates the metrics of policies.
    ///
    /// - Parameter factory: The metrics backend; by default the one that was bootstrapped.
    public init(factory: any MetricsFactory = MetricsSystem.factory) {
        self.factory = factory is NOOPMetricsHandler ? nil : factory
    }

    /// Says that a call is attempted again: `aura_retries_total{effect,operation}`.
    public func retried(_ call: EffectCall) {
        guard let factory else { return }
        let operation = call.operation.name
        let series = Series(metric: AuraMetric.retries, of: call.target, name: operation)
        let counter = state.withLock { state in
            state.counters.value(series) {
                Counter(
                    label: AuraMetric.retries,
                    dimensions: series.labels(naming: "operation"),
                    factory: factory
                )
            }
        }
        counter.increment()
    }

    /// Says which state a circuit breaker is in now: `aura_breaker_state{effect,breaker}`.
    ///
    /// - Parameters:
    ///   - target: The handler that it protects.
    ///   - name: The breaker's name: the effect's, or an operation's key.
    ///   - phase: The state.
    public func breaker(of target: EffectTarget, name: String, is phase: BreakerState) {
        let series = Series(metric: AuraMetric.breakerState, of: target, name: name)
        record(phase.rawValue, in: series, naming: "breaker")
    }

    /// Says how many calls wait for a concurrency limit now: `aura_policy_queue_depth{effect,limit}`.
    ///
    /// - Parameters:
    ///   - target: The handler that is limited.
    ///   - name: The limit's name: the effect's, or an operation's key.
    ///   - depth: How many calls wait.
    public func queue(of target: EffectTarget, name: String, has depth: Int) {
        let series = Series(metric: AuraMetric.policyQueueDepth, of: target, name: name)
        record(depth, in: series, naming: "limit")
    }

    private func record(_ value: Int, in series: Series, naming label: String) {
        guard let factory else { return }
        let gauge = state.withLock { state in
            state.gauges.value(series) {
                Gauge(label: series.metric, dimensions: series.labels(naming: label), factory: factory)
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
