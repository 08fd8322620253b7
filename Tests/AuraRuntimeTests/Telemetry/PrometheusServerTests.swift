internal import AuraEffects
internal import AuraRuntime
internal import Foundation
internal import Metrics
internal import Testing

/// What Prometheus itself says of the text.
///
/// These tests need its programs: Debian's package is `prometheus`.
@Suite("Real Prometheus", .serialized)
struct PrometheusServerTests {
    @Test("promtool finds nothing to complain about")
    func promtool() throws {
        let prometheus = PrometheusMetrics(seriesLimit: 3)
        _ = MetricsObserver(of: StorageEffect.operations, factory: prometheus)
        let queue = HandlerMetrics(effect: "journal", handler: "sqlite", factory: prometheus).queue("append")
        queue.waiting(3)
        queue.grouped(2)
        for user in 0..<10 {
            Counter(label: "logins", dimensions: [("user", "\"\(user)\"\\\n")], factory: prometheus).increment()
        }
        let folder = try TelemetryFolder()
        defer { folder.remove() }
        let file = try folder.write(prometheus.expose(), as: "metrics.txt")
        let (code, output) = try run("promtool check metrics < '\(file)'")
        #expect(output == "")
        #expect(code == 0)
    }

    @Test("a real Prometheus scrapes a server and answers queries with what was measured")
    func scrape() async throws {
        let folder = try TelemetryFolder()
        defer { folder.remove() }
        let fixture = try BackgroundProcess(TestExecutable.path(of: "MetricsFixture"), [])
        defer { fixture.stop() }
        let lines = Lines()
        lines.add(Array(try #require(fixture.firstLine()).utf8))
        let metadata = try #require(try lines.objects().first?["metadata"] as? [String: Int])
        let listening = try #require(metadata["port"])
        let configuration = """
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
              - job_name: aura
                static_configs: [{ targets: ["127.0.0.1:\(listening)"] }]
            """
        let file = try folder.write(Array(configuration.utf8), as: "prometheus.yml")
        let port = try freePort()
        let server = try BackgroundProcess(
            "/usr/bin/env",
            [
                "prometheus", "--config.file=\(file)", "--storage.tsdb.path=\(folder.path)/data",
                "--web.listen-address=127.0.0.1:\(port)", "--log.level=warn",
            ]
        )
        defer { server.stop() }
        let api = PrometheusAPI(port: port)
        try await api.waitForScrape()
        #expect(try await api.last(#"aura_operations_total{effect="storage",operation="write",outcome="ok"}"#) == "5")
        #expect(try await api.last(#"aura_operations_total{operation="read",outcome="ok"}"#) == "7")
        #expect(try await api.last(#"aura_operations_total{outcome="preconditionFailed"}"#) == "1")
        #expect(
            try await api.last(#"aura_operation_duration_seconds_bucket{operation="write",le="+Inf"}"#) == "6"
        )
        #expect(try await api.value("count(last_over_time(logins_total[1h]))") == "21")
        #expect(try await api.last(#"logins_total{user="other"}"#) == "80")
        #expect(try await api.last(#"logins_total{user="user \"7\"\n\\"}"#) == "1")
        #expect(try await api.last(#"aura_metrics_dropped_series_total{metric="logins_total"}"#) == "80")
    }

    private func run(_ command: String) throws -> (code: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus, output)
    }
}
