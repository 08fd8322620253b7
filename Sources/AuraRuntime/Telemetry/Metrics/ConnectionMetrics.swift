internal import Metrics

/// What a handler reports of the connections that its calls share.
public struct ConnectionMetrics: Sendable {
    private struct Instruments {
        var open: Gauge
        var underWay: Gauge
        var new: Counter
        var reused: Counter
    }

    private let instruments: Instruments?

    /// Reports nothing.
    public static let none = ConnectionMetrics()

    private init() {
        instruments = nil
    }

    init(labels: [(String, String)], _ factory: any MetricsFactory) {
        func requests(_ connection: String) -> Counter {
            let label = [("connection", connection)]
            return Counter(label: AuraMetric.connectionRequests, dimensions: labels + label, factory: factory)
        }
        instruments = Instruments(
            open: Gauge(label: AuraMetric.connectionsOpen, dimensions: labels, factory: factory),
            underWay: Gauge(label: AuraMetric.connectionRequestsUnderWay, dimensions: labels, factory: factory),
            new: requests("new"),
            reused: requests("reused")
        )
    }

    /// Says how many connections are open.
    public func open(_ count: Int) { instruments?.open.record(count) }

    /// Says how many requests are under way.
    public func underWay(_ count: Int) { instruments?.underWay.record(count) }

    /// Says that a request went over a connection.
    ///
    /// - Parameter isNew: Whether it was opened for the request.
    public func used(isNew: Bool) {
        guard let instruments else { return }
        (isNew ? instruments.new : instruments.reused).increment()
    }
}
