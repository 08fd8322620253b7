#if Curl
internal import AuraConformance
internal import AuraEffects
internal import Testing

@Suite("The laws of HTTP on libcurl")
struct CurlHTTPLawTests {
    @Test("over HTTP/1.1", arguments: HTTPLaw.all)
    func direct(_ law: HTTPLaw) async throws {
        try await law.check(CurlHTTPHarness(.direct))
    }

    @Test("over TLS and HTTP/1.1", arguments: HTTPLaw.all)
    func tls(_ law: HTTPLaw) async throws {
        try await law.check(CurlHTTPHarness(.tls))
    }

    @Test("over TLS and HTTP/2", arguments: HTTPLaw.all)
    func http2(_ law: HTTPLaw) async throws {
        try await law.check(CurlHTTPHarness(.http2))
    }
}
#endif
