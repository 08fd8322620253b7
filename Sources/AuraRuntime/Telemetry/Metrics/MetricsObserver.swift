public import AuraEffects
public import Metrics
internal import Synchronization

/// Counts a handler's calls and measures how long they take.
///
/// It reports `aura_operations_total{effect,operation,outcome}`, `aura_operation_duration_seconds{effect,operation}`, and
/// for `network.request` also `aura_network_latency_seconds`. The metrics are made with the observer; those of errors
/// with the first error of their kind. Without a metrics backend it reads no clock.
public final class MetricsObserver: EffectObserver {
    /// `metrics`.
    public let name = "metrics"

    /// Whether there is a metrics backend.
    public let measuresTime: Bool

    private let metrics: [OperationMetrics]

    /// Creates the observer of one handler.
    ///
    /// - Parameters:
    ///   - operations: The catalogue of the handler's effect.
    ///   - factory: The metrics backend; by default the one that was bootstrapped.
    public init(of operations: [EffectOperation], factory: any MetricsFactory = MetricsSystem.factory) {
        let hasBackend = !(factory is NOOPMetricsHandler)
        measuresTime = hasBackend
        metrics = hasBackend ? operations.map { OperationMetrics(of: $0, factory: factory) } : []
    }

    /// Counts the call.
    public func ended(_ call: EffectCall, after duration: Duration, with error: EffectError?) {
        let index = call.operation.index
        guard index < metrics.count else { return }
        metrics[index].ended(after: duration, with: error)
    }
}

/// The metrics of one operation.
private final class OperationMetrics: Sendable {
    private let operation: EffectOperation
    private let factory: any MetricsFactory
    private let succeeded: Counter
    private let duration: Timer
    private let networkLatency: Timer?
    // Most operations never fail in most ways: a series of each would be nearly all that is scraped.
    private let failed = Mutex([Counter?](repeating: nil, count: OperationOutcome.errors.count))

    init(of operation: EffectOperation, factory: any MetricsFactory) {
        self.operation = operation
        self.factory = factory
        succeeded = Self.counter(of: operation, outcome: OperationOutcome.ok, factory)
        duration = Timer(
            label: AuraMetric.operationDuration,
            dimensions: [("effect", operation.effect), ("operation", operation.name)],
            factory: factory
        )
        networkLatency =
            operation.key == "network.request" ? Timer(label: AuraMetric.networkLatency, factory: factory) : nil
    }

    private static func counter(
        of operation: EffectOperation,
        outcome: String,
        _ factory: any MetricsFactory
    ) -> Counter {
        Counter(
            label: AuraMetric.operations,
            dimensions: [("effect", operation.effect), ("operation", operation.name), ("outcome", outcome)],
            factory: factory
        )
    }

    func ended(after time: Duration, with error: EffectError?) {
        let nanoseconds = time.nanoseconds
        duration.recordNanoseconds(nanoseconds)
        guard let error else {
            networkLatency?.recordNanoseconds(nanoseconds)
            succeeded.increment()
            return
        }
        counter(of: error.code).increment()
    }

    private func counter(of code: EffectError.Code) -> Counter {
        let index = OperationOutcome.index(of: code)
        return failed.withLock { counters in
            if let counter = counters[index] { return counter }
            let counter = Self.counter(of: operation, outcome: OperationOutcome.errors[index], factory)
            counters[index] = counter
            return counter
        }
    }
}
