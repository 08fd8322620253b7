internal import Foundation
internal import Metrics
internal import Testing

@testable internal import AuraRuntime

@Suite("Prometheus backend")
struct PrometheusMetricsTests {
    private func text(_ prometheus: PrometheusMetrics, as format: PrometheusMetrics.Format = .text) -> String {
        String(decoding: prometheus.expose(as: format), as: UTF8.self)
    }

    @Test("counters, gauges and their kinds are exposed in the order of their names")
    func countersAndGauges() {
        let prometheus = PrometheusMetrics(help: ["b_total": "What b is: \\ and\nmore."])
        Counter(label: "b", dimensions: [("x", "1")], factory: prometheus).increment(by: 3)
        FloatingPointCounter(label: "c_total", factory: prometheus).increment(by: 0.5)
        Meter(label: "a", factory: prometheus).set(2.5)
        Gauge(label: "d", factory: prometheus).record(-7)
        #expect(
            text(prometheus) == """
                # HELP a Reported by the application as a.
                # TYPE a gauge
                a 2.5
                # HELP aura_metrics_dropped_series_total Sets of labels that share the series 'other', because their \
                metric has as many series as it may.
                # TYPE aura_metrics_dropped_series_total counter
                aura_metrics_dropped_series_total{metric="other"} 0
                # HELP b_total What b is: \\\\ and\\nmore.
                # TYPE b_total counter
                b_total{x="1"} 3
                # HELP c_total Reported by the application as c_total.
                # TYPE c_total counter
                c_total 0.5
                # HELP d Reported by the application as d.
                # TYPE d gauge
                d -7

                """
        )
    }

    @Test("a histogram counts what lies at or below each bound, a timer in seconds")
    func histograms() {
        let prometheus = PrometheusMetrics(durationBuckets: [0.001, 0.5], buckets: ["size": [1, 10]])
        let timer = Timer(label: "wait", dimensions: [("k", "v")], factory: prometheus)
        timer.recordNanoseconds(1_000_000)
        timer.recordMilliseconds(400)
        timer.recordSeconds(2)
        let recorder = Recorder(label: "size", factory: prometheus)
        for value in [1, 1, 10, 11] { recorder.record(value) }
        recorder.record(Double.nan)
        let lines = text(prometheus).split(separator: "\n").filter { $0.hasPrefix("wait") || $0.hasPrefix("size") }
        #expect(
            lines == [
                #"size_bucket{le="1.0"} 2"#, #"size_bucket{le="10.0"} 3"#, #"size_bucket{le="+Inf"} 4"#, "size_sum 23",
                "size_count 4", #"wait_bucket{k="v",le="0.001"} 1"#, #"wait_bucket{k="v",le="0.5"} 2"#,
                #"wait_bucket{k="v",le="+Inf"} 3"#, #"wait_sum{k="v"} 2.401"#, #"wait_count{k="v"} 3"#,
            ]
        )
    }

    @Test("names are made fit and values are escaped")
    func escaping() {
        let prometheus = PrometheusMetrics()
        let labels = [("a-b", "say \"hi\"\n\\"), ("le", "x"), ("__name__", "y"), ("a.b", "z"), ("1st", "ü")]
        Counter(label: "2 many.things", dimensions: labels, factory: prometheus).increment()
        let expected =
            #"_2_many_things_total{_1st="ü",a_b="say \"hi\"\n\\",a_b_="z",exported___name__="y",exported_le="x"} 1"#
        #expect(text(prometheus).split(separator: "\n").contains(expected[...]))
    }

    @Test("metrics of the same name and labels share a series, in whatever order the labels come")
    func sharing() {
        let prometheus = PrometheusMetrics()
        let first = Counter(label: "n_total", dimensions: [("a", "1"), ("b", "2")], factory: prometheus)
        let second = Counter(label: "n_total", dimensions: [("b", "2"), ("a", "1")], factory: prometheus)
        first.increment(by: 2)
        second.increment(by: 3)
        #expect(text(prometheus).contains("n_total{a=\"1\",b=\"2\"} 5\n"))
        first.destroy()
        #expect(text(prometheus).contains("n_total{a=\"1\",b=\"2\"} 5\n"))
        second.destroy()
        #expect(!text(prometheus).contains("n_total"))
        // The name is free again, for another kind of metric too.
        Gauge(label: "n_total", factory: prometheus).record(1)
        #expect(text(prometheus).contains("\nn_total 1\n"))
    }

    @Test("a name that another kind of metric has is changed, so that no line stands for two metrics")
    func conflicts() {
        let prometheus = PrometheusMetrics()
        Timer(label: "x", factory: prometheus).recordSeconds(1)
        Gauge(label: "x", factory: prometheus).record(1)
        Gauge(label: "x_count", factory: prometheus).record(2)
        let lines = text(prometheus).split(separator: "\n")
        #expect(lines.contains("x_gauge 1"))
        #expect(lines.contains("x_count_gauge 2"))
        #expect(lines.contains("x_count 1"))
    }

    @Test("a label from user input cannot grow the series without bound")
    func bounds() {
        let prometheus = PrometheusMetrics(seriesLimit: 10, metricLimit: 3)
        for user in 0..<10_000 {
            Counter(label: "logins_total", dimensions: [("user", "\(user)")], factory: prometheus).increment()
        }
        for name in 0..<100 { Counter(label: "metric_\(name)_total", factory: prometheus).increment() }
        let lines = text(prometheus).split(separator: "\n")
        let series = lines.filter { $0.hasPrefix("logins_total{") }
        #expect(series.count == 11)
        #expect(series.contains(#"logins_total{user="other"} 9990"#))
        #expect(lines.contains(#"aura_metrics_dropped_series_total{metric="logins_total"} 9990"#))
        #expect(lines.filter { $0.hasPrefix("metric_") }.count == 2)
        #expect(lines.contains(#"aura_metrics_dropped_series_total{metric="other"} 98"#))
    }

    @Test("counters take no negative amounts and lose nothing under concurrency")
    func concurrency() async {
        let prometheus = PrometheusMetrics(buckets: ["t": [1]])
        let counter = Counter(label: "n_total", factory: prometheus)
        counter.increment(by: -5)
        let meter = Meter(label: "m", factory: prometheus)
        let timer = Timer(label: "t", factory: prometheus)
        await withTaskGroup { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<10_000 {
                        counter.increment()
                        meter.increment()
                        timer.recordSeconds(2)
                        if Task.isCancelled { return }
                    }
                }
            }
            for _ in 0..<50 { #expect(!prometheus.expose().isEmpty) }
        }
        let lines = text(prometheus).split(separator: "\n")
        #expect(lines.contains("n_total 80000"))
        #expect(lines.contains("m 80000"))
        #expect(lines.contains("t_count 80000"))
        #expect(lines.contains("t_sum 160000"))
    }

    @Test("numbers that are no numbers are spelled as Prometheus does")
    func specialNumbers() {
        let prometheus = PrometheusMetrics()
        Gauge(label: "a", factory: prometheus).record(Double.nan)
        Gauge(label: "b", factory: prometheus).record(Double.infinity)
        Gauge(label: "c", factory: prometheus).record(-Double.infinity)
        Gauge(label: "d", factory: prometheus).record(1e300)
        let lines = text(prometheus).split(separator: "\n").filter { !$0.hasPrefix("#") && !$0.hasPrefix("aura") }
        #expect(lines == ["a NaN", "b +Inf", "c -Inf", "d 1e+300"])
    }

    @Test("a profile's bounds are those of timers")
    func boundsOfAProfile() {
        let prometheus = PrometheusMetrics(TelemetrySettings(histogramBuckets: [0.25, 4]))
        Timer(label: "t", factory: prometheus).recordSeconds(1)
        let lines = text(prometheus).split(separator: "\n").filter { $0.hasPrefix("t_bucket") }
        #expect(lines == [#"t_bucket{le="0.25"} 0"#, #"t_bucket{le="4.0"} 1"#, #"t_bucket{le="+Inf"} 1"#])
    }

    @Test("the guide lists every metric, and every metric has a help text")
    func guide() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../..")
        let guide = try String(contentsOf: root.appendingPathComponent("docs/telemetry.md"), encoding: .utf8)
        let listed = guide.split(separator: "\n")
            .compactMap { line in
                line.hasPrefix("| `aura_") ? String(line.dropFirst(3).prefix { $0 != "`" }) : nil
            }
        #expect(listed.sorted() == AuraMetric.help.keys.sorted())
    }

    @Test("OpenMetrics names counters without their end, and says where it ends")
    func openMetrics() {
        let prometheus = PrometheusMetrics()
        Counter(label: "n_total", factory: prometheus).increment()
        let text = text(prometheus, as: .openMetrics)
        #expect(text.contains("# TYPE n counter\nn_total 1\n"))
        #expect(text.hasSuffix("# EOF\n"))
    }
}
