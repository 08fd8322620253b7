#if Curl
@testable internal import AuraCurl
internal import AuraEffects
internal import Foundation
internal import Testing

@Suite("libcurl and proxies")
struct ProxyTests {
    private let servers: LocalServer

    init() throws {
        servers = try LocalServer.shared
    }

    private func proxy(_ credentials: String? = nil, except exceptions: [String] = []) -> CurlConfiguration.Proxy {
        CurlConfiguration.Proxy(servers.direct, credentials: credentials.map { Secret($0) }, exceptions: exceptions)
    }

    @Test("a request without TLS is handed to the proxy")
    func plain() async throws {
        try await CurlHTTPHandler.withHandler(.changed { $0.proxy = proxy() }) { handler in
            let answer = try await handler.send(HTTPRequest(.get, HTTPURL(.http, host: "far.example", path: "/echo/a")))
            #expect(answer.fields["x-law-proxied"] == "yes")
            #expect(answer.fields["x-target"] == "/echo/a")
        }
    }

    @Test("a request over TLS goes through a tunnel, with credentials that only the proxy sees")
    func tunnel() async throws {
        try await CurlHTTPHandler.withHandler(.changed { $0.proxy = proxy("user:the%40pass:word") }) { handler in
            let names = try await handler.text(servers.tls.at("/law/names"))
            #expect(!names.contains("proxy-authorization"))
        }
        for credentials in [nil, "user:wrong"] {
            try await CurlHTTPHandler.withHandler(.changed { $0.proxy = proxy(credentials) }) { handler in
                let error = try await failure { try await handler.text(servers.tls.at("/law/names")) }
                #expect(error.code == .unauthenticated)
                #expect(error.outcome == .notApplied)
                #expect(!error.debugDescription.contains("wrong"))
            }
        }
    }

    @Test("a proxy without a port is at its scheme's")
    func ports() {
        for (text, spelled) in [
            ("http://a", "http://a:80"), ("https://a/", "https://a:443"), ("http://a:8", "http://a:8"),
        ] {
            #expect(HTTPURL(text).map { CurlConfiguration.Proxy($0).text } == spelled)
        }
    }

    @Test("a host that is an exception is asked without the proxy")
    func exceptions() async throws {
        try await CurlHTTPHandler.withHandler(.changed { $0.proxy = proxy(except: ["127.0.0.1"]) }) { handler in
            let answer = try await handler.send(HTTPRequest(.get, servers.direct.at("/echo")))
            #expect(answer.fields["x-law-proxied"] == nil)
        }
    }

    /// In a process of its own: what other tests start would inherit the variable.
    @Test("the environment names no proxy")
    func environment() async throws {
        await #expect(processExitsWith: .success) {
            let servers = try LocalServer.shared
            // Nobody listens there: a handler that looked at the environment would fail.
            unsafe setenv("http_proxy", "http://127.0.0.1:9", 1)
            try await CurlHTTPHandler.withHandler { handler in
                let answer = try await handler.send(HTTPRequest(.get, servers.direct.at("/echo")))
                #expect(answer.status == 200)
            }
        }
    }
}
#endif
