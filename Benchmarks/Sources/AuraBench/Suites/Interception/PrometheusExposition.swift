internal import AuraRuntime
internal import CoreMetrics
internal import Measuring

/// The text of so many series, as a scrape by Prometheus asks for it.
final class PrometheusExposition: Comparison {
    let name = "prometheus-10000"
    let unit = "ms"
    let isHigherBetter = false
    let target = Target.oursBelow(50)

    private let metrics: PrometheusMetrics
    private let seriesCount: Int

    init(seriesCount: Int) {
        self.seriesCount = seriesCount
        metrics = PrometheusMetrics(seriesLimit: seriesCount)
    }

    /// Counters and histograms of calls, as ``MetricsObserver`` makes them: nine of ten are counters.
    func prepare() async throws {
        for number in 0..<seriesCount {
            let labels = [("effect", "storage"), ("operation", "operation-\(number)")]
            if number.isMultiple(of: 10) {
                metrics.makeTimer(label: "aura_operation_duration_seconds", dimensions: labels)
                    .recordNanoseconds(Int64(number) * 1_000_003)
            } else {
                metrics.makeCounter(label: "aura_operations_total", dimensions: labels + [("outcome", "ok")])
                    .increment(by: Int64(number) * 977)
            }
        }
    }

    func measureOurs() async throws -> Double {
        var byteCount = 0
        let elapsed = await seconds { byteCount = metrics.expose().count }
        precondition(byteCount > 50 * seriesCount, "The text lacks series.")
        return elapsed * 1000
    }
}
