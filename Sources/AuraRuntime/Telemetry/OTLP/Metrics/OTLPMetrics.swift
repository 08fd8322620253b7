internal import AuraEffects
public import Metrics
internal import Synchronization

/// A metrics backend whose metrics an ``OTLPExporter`` sends.
///
/// Counters are monotonic sums, gauges and meters are gauges; timers and recorders that aggregate are histograms, timers in
/// seconds. Sums and histograms are cumulative: a request that is lost loses no counts. Metrics of the same name, kind and
/// labels share a series.
///
/// A metric has at most 1,000 series, and there are at most 1,000 metrics: further sets of labels share the series of the
/// overflow, further metrics are not kept.
public final class OTLPMetrics: MetricsFactory {
    private struct Key: Hashable {
        var name: String
        var kind: OTLPMetricFamily.Kind
    }

    private struct State {
        var families: [Key: OTLPMetricFamily] = [:]
        /// The metric of each series, to find it again.
        var keys: [ObjectIdentifier: Key] = [:]
        /// Since when is counted; `nil` before the exporter runs.
        var start: UInt64?
    }

    private static let limit = 1000

    private let state = Mutex(State())
    private let durationBounds: [Double]

    init(durationBounds: [Double]?) {
        self.durationBounds = durationBounds ?? PrometheusMetrics.defaultDurationBuckets
    }

    /// Says when counting began.
    func start(_ now: WallTime) {
        state.withLock { $0.start = $0.start ?? UInt64(clamping: now.nanosecondsSinceEpoch) }
    }

    /// What there is to send.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - limit: The most data points of a request.
    /// - Returns: The metrics of each request, and how many data points it has.
    func requests(at now: WallTime, pointsPerRequest limit: Int) -> [(metrics: [[UInt8]], count: Int)] {
        let now = UInt64(clamping: now.nanosecondsSinceEpoch)
        // The families are copied and written outside the lock: nobody who makes a metric waits for it.
        let (families, start) = state.withLock { (Array($0.families.values), $0.start ?? now) }
        var requests: [(metrics: [[UInt8]], count: Int)] = []
        for family in families.sorted(by: { $0.name < $1.name }) where !family.isEmpty {
            for (metric, count) in family.encoded(since: start, at: now, pointsPerMessage: limit) {
                if let last = requests.last, last.count + count <= limit {
                    requests[requests.count - 1].metrics.append(metric)
                    requests[requests.count - 1].count += count
                } else {
                    requests.append(([metric], count))
                }
            }
        }
        return requests
    }

    // MARK: Making metrics

    /// A counter.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter, as: CounterSeries.self)
    }

    /// A counter that fractions can be added to.
    public func makeFloatingPointCounter(
        label: String,
        dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter, as: CounterSeries.self)
    }

    /// A gauge.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge, as: GaugeSeries.self)
    }

    /// A histogram, or a gauge for what does not aggregate.
    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        guard aggregate else { return series(label, dimensions, .gauge, as: GaugeSeries.self) }
        let bounds = PrometheusMetrics.defaultSizeBuckets
        return series(label, dimensions, .histogram(isTimer: false), bounds, as: HistogramSeries.self)
    }

    /// A histogram of seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram(isTimer: true), durationBounds, as: HistogramSeries.self)
    }

    private func series<Series: MetricSeries>(
        _ name: String,
        _ dimensions: [(String, String)],
        _ kind: OTLPMetricFamily.Kind,
        _ bounds: [Double] = [],
        as type: Series.Type
    ) -> Series {
        let key = Key(name: name, kind: kind)
        let found = state.withLock { state -> Series? in
            guard state.families[key] != nil || state.families.count < Self.limit else { return nil }
            let new = OTLPMetricFamily(name: name, kind: kind, bounds: bounds, limit: Self.limit)
            let series = state.families[key, default: new].series(of: dimensions) as? Series
            if let series { state.keys[ObjectIdentifier(series)] = key }
            return series
        }
        return found ?? Series(buckets: bounds)
    }

    // MARK: Giving metrics back

    /// Gives a counter back; its series is gone once nobody has it.
    public func destroyCounter(_ handler: any CounterHandler) { release(handler) }

    /// Gives a counter back; its series is gone once nobody has it.
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { release(handler) }

    /// Gives a gauge back; its series is gone once nobody has it.
    public func destroyMeter(_ handler: any MeterHandler) { release(handler) }

    /// Gives a recorder back; its series is gone once nobody has it.
    public func destroyRecorder(_ handler: any RecorderHandler) { release(handler) }

    /// Gives a timer back; its series is gone once nobody has it.
    public func destroyTimer(_ handler: any TimerHandler) { release(handler) }

    private func release(_ series: AnyObject) {
        state.withLock { state in
            guard let key = state.keys[ObjectIdentifier(series)] else { return }
            let before = state.families[key]?.count
            state.families[key]?.release(series)
            guard state.families[key]?.count != before else { return }
            state.keys[ObjectIdentifier(series)] = nil
            if state.families[key]?.isEmpty ?? false { state.families[key] = nil }
        }
    }
}
