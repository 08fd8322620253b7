#if Curl
internal import AuraCurl
internal import AuraEffects
internal import AuraMemory
internal import CoreMetrics
internal import Testing

@testable internal import AuraRuntime

@Suite("Metrics that a collector gets by OTLP")
struct OTLPMetricTests {
    @Test("a collector reads what was measured, cumulated from interval to interval")
    func measured() async throws {
        let headers = [HTTPField("authorization", "Bearer s3cret", isSecret: true)]
        try await OTLPHarness.run("metrics", headers: headers) { harness in
            let metrics = harness.exporter.metrics
            let counter = Counter(label: "calls_total", dimensions: [("user", "ä"), ("kind", "")], factory: metrics)
            let fraction = FloatingPointCounter(label: "seconds_total", factory: metrics)
            let gauge = Gauge(label: "depth", dimensions: [], factory: metrics)
            let timer = Timer(label: "took", dimensions: [], factory: metrics)
            counter.increment(by: 3)
            fraction.increment(by: 0.5)
            gauge.record(-2.5)
            for nanoseconds in [250_000_000, 1_000_000_000, 5_000_000_000] {
                timer.recordNanoseconds(Int64(nanoseconds))
            }
            harness.clock.advance(by: .seconds(60))
            try await harness.collector.waitUntilSeen(1)
            counter.increment(by: 4)
            await harness.exporter.stop()

            let taken = try await harness.collector.received("v1/metrics")
            #expect(taken.count == 2)
            #expect(taken.allSatisfy { $0.isExact && $0.fields["authorization"] == "Bearer s3cret" })
            #expect(taken[0].fields["content-type"] == "application/x-protobuf")
            let (first, last) = (try await harness.collector.metrics[0], try await harness.collector.metrics[1])
            #expect(first.map { $0["name"].text } == ["calls_total", "depth", "seconds_total", "took"])
            let sum = first[0]["sum"]
            #expect(sum["aggregation_temporality"].text == "AGGREGATION_TEMPORALITY_CUMULATIVE")
            #expect(sum["is_monotonic"].isThere)
            let point = sum["data_points"][0]
            #expect(point["as_int"].text == "3")
            #expect(point["attributes"].attributes == ["user": "string_value ä", "kind": "string_value "])
            #expect(point["start_time_unix_nano"].text == "1767225600000000000")
            #expect(point["time_unix_nano"].text == "1767225660000000000")
            #expect(last[0]["sum"]["data_points"][0]["as_int"].text == "7")
            #expect(last[0]["sum"]["data_points"][0]["start_time_unix_nano"].text == "1767225600000000000")
            #expect(first[1]["gauge"]["data_points"][0]["as_double"].number == -2.5)
            #expect(first[2]["sum"]["data_points"][0]["as_double"].number == 0.5)
            #expect(first[3]["unit"].text == "s")
            let histogram = first[3]["histogram"]["data_points"][0]
            #expect(histogram["count"].text == "3")
            #expect(histogram["sum"].number == 6.25)
            #expect(histogram["bucket_counts"].list.map(\.text) == ["1", "1", "1"])
            #expect(histogram["explicit_bounds"].list.map(\.number) == [0.5, 2])
        }
    }

    @Test("a metric with too many series ends in one of the overflow, and none is lost in batches")
    func manySeries() async throws {
        try await OTLPHarness.run("series", queue: 400) { harness in
            let metrics = harness.exporter.metrics
            for user in 0..<1100 {
                Counter(label: "logins", dimensions: [("user", "\(user)")], factory: metrics).increment()
            }
            await harness.exporter.stop()
            let requests = try await harness.collector.metrics
            #expect(requests.count == 11)
            let points = requests.flatMap(\.self).flatMap { $0["sum"]["data_points"].list }
            #expect(points.count == 1001)
            let overflow = points.filter { $0["attributes"].attributes["otel.metric.overflow"] == "bool_value 1" }
            #expect(overflow.map { $0["as_int"].text } == ["100"])
        }
    }

    @Test("a metric that nobody has any more is not sent")
    func destroyed() async throws {
        try await OTLPHarness.run("destroyed") { harness in
            let metrics = harness.exporter.metrics
            let kept = Counter(label: "kept", factory: metrics)
            kept.increment()
            let gone = Counter(label: "gone", factory: metrics)
            gone.increment()
            gone.destroy()
            await harness.exporter.stop()
            let sent = try #require(try await harness.collector.metrics.first)
            #expect(sent.map { $0["name"].text } == ["kept"])
        }
    }
}
#endif
