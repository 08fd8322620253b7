public import Metrics
internal import Synchronization

/// A metrics backend that writes Prometheus' text format.
///
/// ```swift
/// let prometheus = PrometheusMetrics()
/// MetricsSystem.bootstrap(prometheus)
/// // In the handler of GET /metrics:
/// let body = prometheus.expose()          // Content-Type: PrometheusMetrics.Format.text.contentType
/// ```
///
/// Counters are counters, and their names end with `_total`; gauges and meters are gauges; timers and recorders that
/// aggregate are histograms, timers in seconds. Metrics of the same name and labels share a series. Characters that
/// Prometheus does not take in a name become `_`.
///
/// A metric has at most so many series: further sets of labels share the series whose labels all have the value `other`,
/// and `aura_metrics_dropped_series_total{metric}` counts them. So a label that is taken from user input does not fill
/// the memory.
public final class PrometheusMetrics: MetricsFactory {
    /// What is written.
    public enum Format: Sendable, Hashable {
        /// Prometheus' text format, version 0.0.4.
        case text
        /// OpenMetrics, version 1.0.0.
        case openMetrics

        /// The value of the header `Content-Type`.
        public var contentType: String {
            switch self {
            case .text: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    /// The bounds of timers, in seconds: from 10 µs to 10 s.
    public static let defaultDurationBuckets: [Double] = [
        0.000_01, 0.000_05, 0.000_1, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]

    /// The bounds of recorders: from 1 to 10,000.
    public static let defaultSizeBuckets: [Double] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000,
    ]

    private static let droppedSeries = "aura_metrics_dropped_series_total"

    private struct State {
        var families: [String: PrometheusFamily] = [:]
        /// The names of lines that are taken, of all families.
        var sampleNames: Set<String> = [droppedSeries]
        /// The metric of each series, to find it again.
        var names: [ObjectIdentifier: String] = [:]
        var droppedFamilyCount: UInt64 = 0
        /// How long the last text was.
        var textLength = 0

        /// The name itself, or one made from it where another kind of metric has it.
        func freeName(for name: String, _ kind: PrometheusFamily.Kind) -> String {
            var candidate = name
            while true {
                if let family = families[candidate] {
                    if family.kind == kind { return candidate }
                } else if sampleNames.isDisjoint(with: kind.sampleNames(of: candidate)) {
                    return candidate
                }
                candidate = kind.otherName(for: candidate)
            }
        }
    }

    private let state = Mutex(State())
    private let durationBuckets: [Double]
    private let sizeBuckets: [Double]
    private let buckets: [String: [Double]]
    private let help: [String: String]
    private let seriesLimit: Int
    private let metricLimit: Int

    /// Creates a backend without metrics.
    ///
    /// - Parameters:
    ///   - durationBuckets: The bounds of timers, in seconds, rising.
    ///   - sizeBuckets: The bounds of recorders, rising.
    ///   - buckets: The bounds of single metrics, by their names.
    ///   - help: What metrics mean, by their names; Aura's own have their texts already.
    ///   - seriesLimit: The most series of a metric, not counting that of `other`; at least 1.
    ///   - metricLimit: The most metrics; what is measured for further ones is not kept. At least 1.
    public init(
        durationBuckets: [Double] = defaultDurationBuckets,
        sizeBuckets: [Double] = defaultSizeBuckets,
        buckets: [String: [Double]] = [:],
        help: [String: String] = [:],
        seriesLimit: Int = 1000,
        metricLimit: Int = 1000
    ) {
        for bounds in [durationBuckets, sizeBuckets] + buckets.values {
            precondition(Self.areBounds(bounds), "A histogram's bounds are finite numbers that rise: \(bounds)")
        }
        precondition(seriesLimit > 0 && metricLimit > 0, "A limit of metrics is at least 1.")
        self.durationBuckets = durationBuckets
        self.sizeBuckets = sizeBuckets
        self.buckets = buckets
        self.help = AuraMetric.help.merging(help) { _, given in given }
        self.seriesLimit = seriesLimit
        self.metricLimit = metricLimit
    }

    /// Creates a backend with the histogram bounds of a profile's section `telemetry`.
    ///
    /// - Parameter settings: The section.
    public convenience init(_ settings: TelemetrySettings) {
        self.init(durationBuckets: settings.histogramBuckets ?? Self.defaultDurationBuckets)
    }

    /// Whether numbers can be a histogram's bounds: finite, and each greater than the one before it.
    static func areBounds(_ numbers: [Double]) -> Bool {
        !numbers.isEmpty && numbers.allSatisfy(\.isFinite) && zip(numbers, numbers.dropFirst()).allSatisfy(<)
    }

    // MARK: Exposing

    /// All metrics as text, in the order of their names.
    ///
    /// - Parameter format: The format.
    /// - Returns: The text in UTF-8.
    public func expose(as format: Format = .text) -> [UInt8] {
        var output: [UInt8] = []
        // Texts are about as long as the one before.
        let length = state.withLock(\.textLength)
        output.reserveCapacity(length + length / 8)
        expose(as: format, to: &output)
        state.withLock { [count = output.count] in $0.textLength = count }
        return output
    }

    /// Appends all metrics as text, in the order of their names.
    ///
    /// - Parameters:
    ///   - format: The format.
    ///   - output: What to append to.
    public func expose(as format: Format = .text, to output: inout [UInt8]) {
        // The families are copied and written outside the lock: nobody who makes a metric waits for a scrape.
        let (kept, droppedFamilyCount) = state.withLock { (Array($0.families.values), $0.droppedFamilyCount) }
        var families = kept.filter { !$0.isEmpty }
        families.append(droppedSeries(of: families, droppedFamilyCount: droppedFamilyCount))
        for family in families.sorted(by: { $0.name < $1.name }) { family.expose(as: format, to: &output) }
        if format == .openMetrics { output.append(contentsOf: "# EOF\n".utf8) }
    }

    private func droppedSeries(of families: [PrometheusFamily], droppedFamilyCount: UInt64) -> PrometheusFamily {
        var dropped = PrometheusFamily(
            name: Self.droppedSeries,
            kind: .counter,
            help: help[Self.droppedSeries] ?? "",
            buckets: [],
            limit: .max
        )
        func add(_ count: UInt64, _ metric: String) {
            let series = dropped.series(of: [("metric", metric)]) as? CounterSeries
            series?.increment(by: Int64(clamping: count))
        }
        add(droppedFamilyCount, "other")
        for family in families where family.droppedCount > 0 { add(family.droppedCount, family.name) }
        return dropped
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
        return series(label, dimensions, .histogram, buckets: sizeBuckets, as: HistogramSeries.self)
    }

    /// A histogram of seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        series(label, dimensions, .histogram, buckets: durationBuckets, as: HistogramSeries.self)
    }

    private func series<Series: PrometheusSeries>(
        _ label: String,
        _ dimensions: [(String, String)],
        _ kind: PrometheusFamily.Kind,
        buckets standard: [Double] = [],
        as type: Series.Type
    ) -> Series {
        var name = PrometheusText.metricName(label)
        if kind == .counter && !name.hasSuffix("_total") { name += "_total" }
        let bounds = buckets[name] ?? standard
        let found = state.withLock { state -> Series? in
            name = state.freeName(for: name, kind)
            if state.families[name] == nil {
                guard state.families.count < metricLimit else {
                    state.droppedFamilyCount += 1
                    return nil
                }
                let help = help[name] ?? "Reported by the application as \(label)."
                state.families[name] = PrometheusFamily(
                    name: name,
                    kind: kind,
                    help: help,
                    buckets: bounds,
                    limit: seriesLimit
                )
                state.sampleNames.formUnion(kind.sampleNames(of: name))
            }
            let series = state.families[name]?.series(of: dimensions) as? Series
            if let series { state.names[ObjectIdentifier(series)] = name }
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
            guard let name = state.names[ObjectIdentifier(series)] else { return }
            guard state.families[name]?.release(series) == true else { return }
            state.names[ObjectIdentifier(series)] = nil
            guard let family = state.families[name], family.isEmpty, family.droppedCount == 0 else { return }
            state.families[name] = nil
            state.sampleNames.subtract(family.kind.sampleNames(of: name))
        }
    }
}
