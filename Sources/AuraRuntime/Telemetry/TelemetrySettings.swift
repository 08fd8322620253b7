public import Logging

/// What of an application's calls is measured, traced and logged.
///
/// In a profile:
///
/// ```yaml
/// telemetry:
///   metrics: true
///   tracing: true
///   log: debug
///   histogramBuckets: [0.001, 0.01, 0.1, 1]
///   otlp: { endpoint: https://collector.example:4318 }
/// ```
public struct TelemetrySettings: Sendable, Hashable {
    /// Whether calls are counted and timed, where a metrics backend was bootstrapped.
    public var metrics: Bool
    /// Whether calls have spans, where a tracer was bootstrapped.
    public var tracing: Bool
    /// The level at which calls are logged; `nil` where neither they nor their errors are.
    public var logLevel: Logger.Level?
    /// The bounds of duration histograms in seconds; `nil` for the backend's own.
    public var histogramBuckets: [Double]?
    /// Where spans and metrics are sent by OTLP over HTTP; `nil` for nowhere.
    public var otlp: OTLPSettings?

    /// Creates settings; by default calls are measured and traced, and not logged.
    public init(
        metrics: Bool = true,
        tracing: Bool = true,
        logLevel: Logger.Level? = nil,
        histogramBuckets: [Double]? = nil,
        otlp: OTLPSettings? = nil
    ) {
        self.metrics = metrics
        self.tracing = tracing
        self.logLevel = logLevel
        self.histogramBuckets = histogramBuckets
        self.otlp = otlp
    }
}

extension TelemetrySettings {
    /// Reads the section `telemetry` of a profile.
    ///
    /// - Parameters:
    ///   - node: The section's value.
    ///   - secrets: Where secrets are found.
    ///   - problems: Takes what is wrong; a setting that is wrong keeps its default.
    init(parsing node: ProfileNode, secrets: SecretStore, problems: inout [ProfileError]) {
        self.init()
        let keys = ["metrics", "tracing", "log", "histogramBuckets", "otlp"]
        var section = SectionReader(node, key: "telemetry", takes: keys, example: "telemetry: { log: debug }")
        if let entry = section.entry("metrics") { metrics = section.boolean(entry) ?? metrics }
        if let entry = section.entry("tracing") { tracing = section.boolean(entry) ?? tracing }
        if let entry = section.entry("log") {
            let words = ["off"] + Logger.Level.allCases.map(\.rawValue)
            logLevel = section.choice(entry, of: words).flatMap(Logger.Level.init(rawValue:))
        }
        if let entry = section.entry("histogramBuckets") { histogramBuckets = section.bounds(entry) }
        problems += section.problems
        if let entry = section.entry("otlp") {
            otlp = OTLPSettings(parsing: entry.value, secrets: secrets, problems: &problems)
        }
    }
}

extension SectionReader {
    /// The bounds of a histogram.
    fileprivate mutating func bounds(_ entry: ProfileEntry) -> [Double]? {
        guard case .list(let nodes, _) = entry.value else {
            refuse(entry, "must be a list of numbers, not \(entry.value.kind); write '[0.001, 0.01, 0.1, 1]'")
            return nil
        }
        var numbers: [Double] = []
        for node in nodes {
            guard case .text(let text, _) = node, let number = Double(text) else {
                refuse(entry, "must be a list of numbers of seconds; write '[0.001, 0.01, 0.1, 1]'", at: node.place)
                return nil
            }
            numbers.append(number)
        }
        guard PrometheusMetrics.areBounds(numbers) else {
            refuse(entry, "must rise from one bound to the next, and hold at least one; write '[0.001, 0.01, 0.1, 1]'")
            return nil
        }
        return numbers
    }
}
