#if Curl
internal import AuraCurl
internal import AuraEffects
internal import AuraMemory
internal import Logging
internal import Metrics
internal import MetricsTestKit
internal import Synchronization
internal import Tracing

@testable internal import AuraRuntime

/// An exporter that sends to a test's collector, on a clock that the test moves.
struct OTLPHarness {
    let exporter: OTLPExporter
    let collector: OTLPCollector
    let clock: ManualTimeHandler
    /// What was logged.
    let log: LogLines
    private let dropped: TestMetrics

    /// Lends a running exporter, which the test stops; the name is that of one test alone.
    static func run(
        _ name: String,
        headers: [HTTPField] = [],
        queue: Int = 2048,
        interval: Duration = .seconds(60),
        timeout: Duration = .seconds(3600),
        _ body: (OTLPHarness) async throws -> Void
    ) async throws {
        try await CurlHTTPHandler.withHandler { http in
            let collector = try OTLPCollector(name, http)
            var settings = OTLPSettings(endpoint: collector.endpoint, headers: headers)
            settings.queue = queue
            settings.interval = interval
            settings.timeout = timeout
            let harness = OTLPHarness(
                exporter: OTLPExporter(settings, service: "notes", histogramBuckets: [0.5, 2]),
                collector: collector,
                clock: ManualTimeHandler(),
                log: LogLines(),
                dropped: TestMetrics()
            )
            harness.exporter.start(
                http: http,
                time: harness.clock,
                random: SeededRandomHandler(seed: 7),
                logger: harness.log.logger,
                factory: harness.dropped
            )
            // Spans and metrics wait for their times.
            try await harness.clock.waitForSleepers(2)
            try await body(harness)
        }
    }

    /// How many spans or data points were dropped for a reason.
    func dropped(_ signal: String, _ reason: String) throws -> Int64 {
        try dropped.expectCounter("aura_telemetry_dropped_total", [("signal", signal), ("reason", reason)]).totalValue
    }

    /// Spans that end at once.
    func emit(_ count: Int) {
        for number in 0..<count { exporter.tracer.startSpan("work-\(number)").end() }
    }

    /// Moves the clock to the next moment that something sleeps for, until a condition holds.
    ///
    /// What sleeps for an hour, as requests do that are under way, is left alone.
    func advance(until isMet: () async throws -> Bool) async throws {
        while try await !isMet() {
            if let next = clock.nextDeadline, clock.monotonicNow.duration(to: next) < .seconds(600) {
                clock.advance(to: next)
            }
            await Task.yield()
        }
    }

    /// Stops the exporter and moves the clock until it has stopped.
    func stopWhileTimePasses() async throws {
        let isStopped = Mutex(false)
        async let stop: Void = {
            await exporter.stop()
            isStopped.withLock { $0 = true }
        }()
        try await advance { isStopped.withLock { $0 } }
        await stop
    }
}

/// What was logged, a line each.
final class LogLines: LogHandler, Sendable {
    private let lines = Mutex<[String]>([])

    var texts: [String] { lines.withLock { $0 } }

    var logger: Logger { Logger(label: "test") { _ in self } }

    var logLevel: Logger.Level {
        get { .trace }
        set {}
    }

    var metadata: Logger.Metadata {
        get { [:] }
        set {}
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { nil }
        set {}
    }

    func log(event: LogEvent) {
        lines.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
    }
}
#endif
