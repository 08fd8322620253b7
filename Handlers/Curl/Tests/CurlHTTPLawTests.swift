#if Curl
internal import AuraConformance
internal import AuraEffects
internal import CCurl
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
        try await withKnownIssue("libcurl lost the last frame of an answer", isIntermittent: true) {
            try await law.check(CurlHTTPHarness(.http2))
        } when: {
            Self.sharesBuffers && law.name == "requests cancelled at any moment leave the handler usable"
        } matching: { issue in
            "\(issue.error, default: "")".contains("libcurl 18: transfer closed with 8192 bytes remaining to read")
        }
    }

    /// Whether transfers of a connection of HTTP/2 read into one another's buffers, as they did until 8.1.
    ///
    /// On a machine that is short of processors 7.88 drops a frame now and then while others of them are removed. The exchange
    /// fails and says so.
    private static let sharesBuffers: Bool = {
        guard let info = unsafe aura_curl_library() else { return false }
        return unsafe info.pointee.version_num < 0x08_01_00
    }()
}
#endif
