public import Metrics

/// What a handler reports of its inside: its queues, its caches and its pools of connections.
///
/// A handler makes its ``QueueMetrics``, ``CacheMetrics`` and ``PoolMetrics`` once, when it is made. Without a metrics backend reporting
/// costs a comparison.
public struct HandlerMetrics: Sendable {
    private let labels: [(String, String)]
    private let factory: (any MetricsFactory)?

    /// Reports nothing.
    public static let none = HandlerMetrics()

    private init() {
        labels = []
        factory = nil
    }

    /// Creates the metrics of a handler.
    ///
    /// - Parameters:
    ///   - effect: The effect's name.
    ///   - handler: The handler's technology.
    ///   - instance: The instance's name; empty for the effect's default instance.
    ///   - factory: The metrics backend; by default the one that was bootstrapped.
    public init(
        effect: String,
        handler: String,
        instance: String = "",
        factory: any MetricsFactory = MetricsSystem.factory
    ) {
        guard !(factory is NOOPMetricsHandler) else {
            self = .none
            return
        }
        // Not 'instance': Prometheus calls the scraped address so.
        let name = instance.isEmpty ? [] : [("effect_instance", instance)]
        labels = [("effect", effect), ("handler", handler)] + name
        self.factory = factory
    }

    /// The metrics of a queue: `aura_queue_depth` and `aura_group_size`.
    ///
    /// - Parameter name: What the label `queue` says; one of a few words of the handler's own.
    /// - Returns: The metrics.
    public func queue(_ name: String) -> QueueMetrics {
        guard let factory else { return .none }
        return QueueMetrics(labels: labels + [("queue", name)], factory)
    }

    /// The metrics of a cache: `aura_cache_requests_total`.
    ///
    /// - Parameter name: What the label `cache` says; one of a few words of the handler's own.
    /// - Returns: The metrics.
    public func cache(_ name: String) -> CacheMetrics {
        guard let factory else { return .none }
        return CacheMetrics(labels: labels + [("cache", name)], factory)
    }

    /// The metrics of a clock: `aura_clock_offset_seconds`, `aura_clock_uncertainty_seconds` and `aura_clock_servers`.
    ///
    /// - Returns: The metrics.
    public func clock() -> ClockMetrics {
        guard let factory else { return .none }
        return ClockMetrics(labels: labels, factory)
    }

    /// The metrics of a pool of connections: `aura_pool_connections` and `aura_pool_waiting`.
    ///
    /// - Parameter name: What the label `pool` says; one of a few words of the handler's own.
    /// - Returns: The metrics.
    public func pool(_ name: String) -> PoolMetrics {
        guard let factory else { return .none }
        return PoolMetrics(labels: labels + [("pool", name)], factory)
    }

    /// The metrics of connections that calls share: `aura_connections_open`, `aura_connection_requests_total` and
    /// `aura_connection_requests_under_way`.
    ///
    /// - Returns: The metrics.
    public func connections() -> ConnectionMetrics {
        guard let factory else { return .none }
        return ConnectionMetrics(labels: labels, factory)
    }
}

/// What a handler reports of a queue.
public struct QueueMetrics: Sendable {
    private let depth: Gauge?
    private let groupSize: Recorder?

    /// Reports nothing.
    public static let none = QueueMetrics()

    private init() {
        depth = nil
        groupSize = nil
    }

    init(labels: [(String, String)], _ factory: any MetricsFactory) {
        depth = Gauge(label: AuraMetric.queueDepth, dimensions: labels, factory: factory)
        groupSize = Recorder(label: AuraMetric.groupSize, dimensions: labels, factory: factory)
    }

    /// Says how many calls wait now.
    public func waiting(_ count: Int) { depth?.record(count) }

    /// Says how many calls are carried out together.
    public func grouped(_ count: Int) { groupSize?.record(count) }
}

/// What a handler reports of a cache.
public struct CacheMetrics: Sendable {
    private let hits: Counter?
    private let misses: Counter?

    /// Reports nothing.
    public static let none = CacheMetrics()

    private init() {
        hits = nil
        misses = nil
    }

    init(labels: [(String, String)], _ factory: any MetricsFactory) {
        func counter(_ result: String) -> Counter {
            Counter(label: AuraMetric.cacheRequests, dimensions: labels + [("result", result)], factory: factory)
        }
        hits = counter("hit")
        misses = counter("miss")
    }

    /// Says that the cache had what was asked for.
    public func hit() { hits?.increment() }

    /// Says that the cache did not have what was asked for.
    public func miss() { misses?.increment() }
}

/// What a handler reports of a pool of connections.
public struct PoolMetrics: Sendable {
    private struct Gauges {
        var opening: Gauge
        var idle: Gauge
        var leased: Gauge
        var waiting: Gauge
    }

    private let gauges: Gauges?

    /// Reports nothing.
    public static let none = PoolMetrics()

    private init() {
        gauges = nil
    }

    init(labels: [(String, String)], _ factory: any MetricsFactory) {
        func connections(_ state: String) -> Gauge {
            Gauge(label: AuraMetric.poolConnections, dimensions: labels + [("state", state)], factory: factory)
        }
        gauges = Gauges(
            opening: connections("opening"),
            idle: connections("idle"),
            leased: connections("leased"),
            waiting: Gauge(label: AuraMetric.poolWaiting, dimensions: labels, factory: factory)
        )
    }

    /// Whether anybody takes the figures.
    public var isReporting: Bool { gauges != nil }

    /// Says how many connections there are, and how many callers wait for one.
    ///
    /// - Parameters:
    ///   - opening: Those that are being opened.
    ///   - idle: Those that are open and can be lent at once.
    ///   - leased: Those that are lent to a caller.
    ///   - waiting: The callers that wait.
    public func changed(opening: Int, idle: Int, leased: Int, waiting: Int) {
        guard let gauges else { return }
        gauges.opening.record(opening)
        gauges.idle.record(idle)
        gauges.leased.record(leased)
        gauges.waiting.record(waiting)
    }
}
