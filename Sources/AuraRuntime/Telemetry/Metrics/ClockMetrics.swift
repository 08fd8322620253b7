internal import Metrics

/// What a handler reports of a clock that servers correct.
public struct ClockMetrics: Sendable {
    private struct Gauges {
        var offset: Gauge
        var uncertainty: Gauge
        var used: Gauge
        var rejected: Gauge
        var silent: Gauge
    }

    private let gauges: Gauges?

    /// Reports nothing.
    public static let none = ClockMetrics()

    private init() {
        gauges = nil
    }

    init(labels: [(String, String)], _ factory: any MetricsFactory) {
        func servers(_ state: String) -> Gauge {
            Gauge(label: AuraMetric.clockServers, dimensions: labels + [("state", state)], factory: factory)
        }
        gauges = Gauges(
            offset: Gauge(label: AuraMetric.clockOffset, dimensions: labels, factory: factory),
            uncertainty: Gauge(label: AuraMetric.clockUncertainty, dimensions: labels, factory: factory),
            used: servers("used"),
            rejected: servers("rejected"),
            silent: servers("silent")
        )
    }

    /// Says how the clock stands.
    ///
    /// - Parameters:
    ///   - offset: What would have to be added to the system's clock; `nil` while it is not known.
    ///   - uncertainty: How far the true time may lie from the clock's; `nil` while it is not known.
    public func changed(offset: Duration?, uncertainty: Duration?) {
        guard let gauges else { return }
        if let offset { gauges.offset.record(offset / .seconds(1)) }
        if let uncertainty { gauges.uncertainty.record(uncertainty / .seconds(1)) }
    }

    /// Says how many servers there are of each kind.
    ///
    /// - Parameters:
    ///   - used: Those that agree with the majority.
    ///   - rejected: Those whose answers are not believed or cannot be used.
    ///   - silent: Those without answers, or with too few of them.
    public func servers(used: Int, rejected: Int, silent: Int) {
        guard let gauges else { return }
        gauges.used.record(used)
        gauges.rejected.record(rejected)
        gauges.silent.record(silent)
    }
}
