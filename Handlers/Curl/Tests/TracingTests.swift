#if Curl
internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import Instrumentation
internal import Testing

@Suite("The trace context of requests")
struct TracingTests {
    @Test("a request carries the caller's trace, and one of its own stays")
    func traced() async throws {
        let trace = try #require(
            TraceContext(traceID: String(repeating: "a", count: 32), parentID: String(repeating: "b", count: 16))
        )
        let url = try LocalServer.shared.direct.at("/names")
        try await CurlHTTPHandler.withHandler { handler in
            let traced = TracedHTTPHandler(handler, instrument: W3CTraceContextInstrument())
            func names() async throws -> [Substring] {
                let bytes = try await traced.send(HTTPRequest(.get, url)).body.bytes(atMost: 1000)
                return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            }
            let without = try await names()
            #expect(!without.contains("traceparent"))
            var context = InstrumentationContext.topLevel
            context.traceContext = trace
            let within = try await InstrumentationContext.$current.withValue(context) { try await names() }
            #expect(within.contains("traceparent"))
        }
    }
}
#endif
