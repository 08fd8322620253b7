internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem
internal import FlyingFox
internal import FlyingSocks
internal import Foundation
internal import Logging
internal import Metrics

/// A small server for a real Prometheus: `GET /metrics` exposes what calls of an intercepted memory storage were measured.
///
/// It logs its port to the standard output as a line of JSON and runs until its process is ended.
@main
struct MetricsFixture {
    static func main() async throws {
        let prometheus = PrometheusMetrics(seriesLimit: 20)
        try await callHandlers(measuredBy: prometheus)
        let server = HTTPServer(address: try .inet(ip4: "127.0.0.1", port: 0))
        await server.appendRoute("GET /metrics") { _ in
            HTTPResponse(
                statusCode: .ok,
                headers: [.contentType: PrometheusMetrics.Format.text.contentType],
                body: Data(prometheus.expose())
            )
        }
        let running = Task { try await server.run() }
        try await server.waitUntilListening()
        guard case .ip4(_, let port) = await server.listeningAddress else {
            fatalError("The server listens on no address.")
        }
        let logger = Logger(label: "fixture") { JSONLogHandler(label: $0, output: .standardOutput) }
        logger.info("listening", metadata: ["port": .stringConvertible(port)])
        try await running.value
    }

    private static func callHandlers(measuredBy prometheus: PrometheusMetrics) async throws {
        var effects = EffectSystem()
        effects.time = SystemTimeHandler()
        effects.storage = MemoryStorageHandler()
        let observer = MetricsObserver(of: StorageEffect.operations, factory: prometheus)
        effects.intercept(StorageEffect.self, handler: "memory", observers: [observer])
        for number in 0..<5 { _ = try await effects.storage.write([1], to: StorageKey("key-\(number)"), if: .absent) }
        for number in 0..<7 { _ = try await effects.storage.read(StorageKey("key-\(number)")) }
        // The key is there already: a refusal for Prometheus to count.
        _ = try? await effects.storage.write([2], to: "key-0", if: .absent)
        for user in 0..<100 {
            Counter(label: "logins", dimensions: [("user", "user \"\(user)\"\n\\")], factory: prometheus).increment()
        }
    }
}
