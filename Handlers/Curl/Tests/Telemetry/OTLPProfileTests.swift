#if Curl
internal import AuraCurl
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Testing

@testable internal import AuraRuntime

@Suite("Profiles with a collector")
struct OTLPProfileTests {
    private static let registry = HandlerRegistry {
        CurlHandlers()
        MemoryHandlers()
        SystemHandlers()
    }

    private static func assembly(_ telemetry: String, http: String = "http: { handler: curl }") throws -> Assembly {
        let text = """
            profile: traced
            environment: server
            time: { handler: system }
            random: { handler: system }
            storage: { handler: memory }
            \(http)
            telemetry: { \(telemetry) }
            """
        return try Assembly(Profile(yaml: text), registry, variables: ["TOKEN": "Bearer s3cret"])
    }

    /// The backends are the process's: it has one of its own.
    @Test("the calls of an application reach its collector, and the exporter's own requests are no calls")
    func assembled() async throws {
        await #expect(processExitsWith: .success) {
            try await CurlHTTPHandler.withHandler { http in
                let collector = try OTLPCollector("profile", http)
                let endpoint = collector.endpoint.text
                let assembly = try Self.assembly(
                    "otlp: { endpoint: '\(endpoint)', headers: { authorization: '${secret:TOKEN}' } }"
                )
                let telemetry = assembly.interception.telemetry
                let exporter = OTLPExporter(try #require(telemetry.otlp), service: "notes")
                let log = LogLines()
                exporter.bootstrap(for: telemetry, logger: log.logger)
                try await assembly.withEffects(logger: log.logger, exporter: exporter) { effects, _ in
                    _ = try await effects.storage.write([1], to: "key", if: .none)
                    _ = try await effects.http.send(HTTPRequest(.get, collector.endpoint.at("/profile/seen")))
                }
                let spans = try await collector.spans
                #expect(spans.map { $0["name"].text } == ["storage.write", "http.send"])
                let sent = try await collector.received("v1/traces") + collector.received("v1/metrics")
                #expect(sent.count == 2)
                #expect(sent.allSatisfy { $0.isExact && $0.fields["authorization"] == "Bearer s3cret" })
                let metrics = try #require(try await collector.metrics.first)
                let operations = try #require(metrics.first { $0["name"].text == "aura_operations_total" })
                for operation in ["write", "send"] {
                    let points = operations["sum"]["data_points"].list
                        .filter {
                            $0["attributes"].attributes["operation"] == "string_value \(operation)"
                        }
                    #expect(points.map { $0["as_int"].text } == ["1"])
                }
                #expect(log.texts == [])
            }
        }
    }

    @Test("a collector is refused in a profile without HTTP")
    func withoutHTTP() throws {
        let error = #expect(throws: ProfileErrors.self) {
            try Self.assembly("otlp: { endpoint: 'http://127.0.0.1:4318' }", http: "")
        }
        #expect(
            error?.description
                == "profile.yaml:7:1: telemetry.otlp: is sent with 'http', and the profile has none; add it; linked: curl, memory"
        )
    }
}
#endif
