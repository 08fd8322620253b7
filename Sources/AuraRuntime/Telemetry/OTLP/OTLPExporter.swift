internal import AuraEffects
internal import Instrumentation
internal import Logging
internal import Metrics
internal import Synchronization

/// Sends spans and metrics to a collector by OTLP over HTTP, with a profile's `http` handler.
///
/// An application that is launched on a profile with `telemetry.otlp` has one: nothing has to be written for it. One that
/// bootstraps backends of its own makes the exporter itself, and hands it to
/// ``Assembly/withEffects(logger:executors:volume:recording:exporter:_:)``:
///
/// ```swift
/// let exporter = OTLPExporter(settings, service: "notes")
/// MetricsSystem.bootstrap(MultiplexMetricsHandler(factories: [prometheus, exporter.metrics]))
/// InstrumentationSystem.bootstrap(exporter.tracer)
/// ```
///
/// Nothing waits for it: spans that have no room in the queue are dropped, and so is what the collector does not take after
/// some attempts. `aura_telemetry_dropped_total` counts both. Its own requests are neither traced nor measured.
public final class OTLPExporter: Sendable {
    /// The tracer to bootstrap.
    public let tracer: OTLPTracer
    /// The metrics backend to bootstrap.
    public let metrics: OTLPMetrics

    let settings: OTLPSettings
    private let resource: OTLPResource
    private let queue: OTLPSpanQueue
    private let tasks = TaskOwner()
    private let run = Mutex<OTLPRun?>(nil)

    /// Creates an exporter; it sends nothing before it runs.
    ///
    /// - Parameters:
    ///   - settings: Where to send to.
    ///   - service: The application's name.
    ///   - histogramBuckets: The bounds of timers in seconds, rising; `nil` for those of ``PrometheusMetrics``.
    public init(_ settings: OTLPSettings, service: String, histogramBuckets: [Double]? = nil) {
        self.settings = settings
        resource = OTLPResource(service: service)
        queue = OTLPSpanQueue(capacity: settings.queue, batchSize: settings.batchSize)
        tracer = OTLPTracer(queue)
        metrics = OTLPMetrics(durationBounds: histogramBuckets)
    }

    /// Makes the exporter the process's backend, for what of it has none yet.
    ///
    /// - Parameters:
    ///   - telemetry: What the profile wants measured and traced.
    ///   - logger: Logs where another backend stands already.
    func bootstrap(for telemetry: TelemetrySettings, logger: Logger) {
        if telemetry.metrics {
            if MetricsSystem.factory is NOOPMetricsHandler {
                MetricsSystem.bootstrap(metrics)
            } else {
                logger.warning("The application has a metrics backend of its own: 'telemetry.otlp' sends no metrics.")
            }
        }
        if telemetry.tracing {
            if InstrumentationSystem.instrument is NoOpInstrument {
                InstrumentationSystem.bootstrap(tracer)
            } else {
                logger.warning("The application has a tracer of its own: 'telemetry.otlp' sends no spans.")
            }
        }
    }

    /// Begins to record and to send.
    ///
    /// - Parameters:
    ///   - http: Sends the requests; with nothing around it that traces them.
    ///   - time: The clock.
    ///   - random: Where ids and the jitter of pauses come from.
    ///   - logger: Logs failures.
    ///   - factory: Where what is dropped is counted.
    func start(
        http: any HTTPEffects,
        time: any TimeEffects,
        random: any RandomEffects,
        logger: Logger,
        factory: any MetricsFactory = MetricsSystem.factory
    ) {
        let sender = OTLPSender(settings: settings, http: http, time: time, random: random)
        let run = OTLPRun(sender, resource, queue, metrics, OTLPReport(settings.endpoint, logger, factory))
        self.run.withLock { $0 = run }
        metrics.start(time.now)
        tracer.start(random)
        tasks.start { await run.sendSpans() }
        tasks.start { await run.sendMetrics() }
    }

    /// Stops recording, sends what is left within the time of one request, and drops the rest.
    func stop() async {
        tracer.stop()
        tasks.cancel()
        await tasks.wait()
        guard let run = run.withLock({ $0 }) else { return }
        // The task may be cancelled: a task that knows nothing of that does it.
        await Task.detached { await run.finish() }.value
    }
}
