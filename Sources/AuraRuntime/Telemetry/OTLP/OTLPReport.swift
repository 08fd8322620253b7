internal import AuraEffects
internal import Logging
internal import Metrics
internal import Synchronization

/// Counts what an exporter drops, and logs when a collector begins and ceases to fail.
final class OTLPReport: Sendable {
    enum Signal: String, CaseIterable {
        case traces
        case metrics
    }

    enum Reason: String, CaseIterable {
        /// There was no room in the queue.
        case queue
        /// The collector could not be reached, or failed too often.
        case failed
        /// The collector did not take it.
        case rejected
    }

    private let endpoint: HTTPURL
    private let logger: Logger
    private let counters: [Signal: [Reason: Counter]]
    /// The signals that fail.
    private let failing = Mutex<Set<Signal>>([])

    init(_ endpoint: HTTPURL, _ logger: Logger, _ factory: any MetricsFactory) {
        self.endpoint = endpoint
        self.logger = logger
        func counter(_ signal: Signal, _ reason: Reason) -> Counter {
            let labels = [("signal", signal.rawValue), ("reason", reason.rawValue)]
            return Counter(label: AuraMetric.telemetryDropped, dimensions: labels, factory: factory)
        }
        func counters(_ signal: Signal) -> [Reason: Counter] {
            Dictionary(uniqueKeysWithValues: Reason.allCases.map { ($0, counter(signal, $0)) })
        }
        self.counters = Dictionary(uniqueKeysWithValues: Signal.allCases.map { ($0, counters($0)) })
    }

    /// Spans or data points were dropped.
    func dropped(_ signal: Signal, _ reason: Reason, _ count: Int) {
        if count > 0 { counters[signal]?[reason]?.increment(by: Int64(count)) }
    }

    /// A request has ended.
    func ended(_ signal: Signal, _ count: Int, _ outcome: OTLPSender.Outcome) {
        switch outcome {
        case .taken(let answer):
            if failing.withLock({ $0.remove(signal) }) != nil {
                logger.notice("The collector at \(endpoint) takes \(signal.rawValue) again.")
            }
            guard answer.rejected > 0 else { return }
            dropped(signal, .rejected, min(count, answer.rejected))
            logger.warning(
                "The collector at \(endpoint) rejected \(answer.rejected) of \(count) \(signal.rawValue).",
                metadata: ["reason": "\(HandlerErrors.quote(answer.message))"]
            )
        case .failed(let error):
            dropped(signal, error.isRetryable ? .failed : .rejected, count)
            guard failing.withLock({ $0.insert(signal).inserted }) else { return }
            logger.warning("Telemetry is dropped, \(signal.rawValue): \(error.message)")
        case .interrupted: break
        }
    }

    /// Spans were not sent before the end.
    func lost(_ count: Int) {
        guard count > 0 else { return }
        dropped(.traces, .failed, count)
        logger.warning(
            "At the end \(count) spans were not sent to the collector at \(endpoint): it did not take them in time."
        )
    }
}
