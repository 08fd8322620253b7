#if Curl
internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import MetricsTestKit
internal import Testing

@Suite("libcurl and nginx")
struct NginxTests {
    private let servers: LocalServer

    init() throws {
        servers = try LocalServer.shared
    }

    @Test("the newest version that both speak is spoken")
    func versions() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            let value1 = try await handler.send(HTTPRequest(.get, servers.tls.at("/small"))).version
            #expect(value1 == .http2)
            let value2 = try await handler.send(HTTPRequest(.get, servers.plain.at("/small"))).version
            #expect(value2 == .http1_1)
        }
        try await CurlHTTPHandler.withHandler(.changed { $0.version = .http1 }) { handler in
            let value3 = try await handler.send(HTTPRequest(.get, servers.tls.at("/small"))).version
            #expect(value3 == .http1_1)
        }
    }

    @Test("requests over HTTP/2 share one connection, and those over HTTP/1.1 use theirs again")
    func reuse() async throws {
        for (url, most) in [(servers.tls, 1), (servers.plain, 4)] {
            let metrics = TestMetrics()
            let reporting = HandlerMetrics(effect: "http", handler: "curl", factory: metrics)
            try await CurlHTTPHandler.withHandler(
                .changed { $0.connectionsPerHost = 4 },
                context: .test(metrics: reporting)
            ) { handler in
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<100 {
                        group.addTask {
                            let answer = try await handler.send(HTTPRequest(.get, url.at("/small")))
                            return try await answer.body.bytes(atMost: 1024).count
                        }
                    }
                    for try await count in group { #expect(count == 1024) }
                }
                let open = try metrics.expectGauge("aura_connections_open", Self.labels)
                #expect(open.lastValue.map { $0 >= 1 && $0 <= Double(most) } ?? false)
            }
            let requests = "aura_connection_requests_total"
            let new = try metrics.expectCounter(requests, Self.labels + [("connection", "new")])
            let reused = try metrics.expectCounter(requests, Self.labels + [("connection", "reused")])
            #expect(new.totalValue >= 1 && new.totalValue <= Int64(most))
            #expect(new.totalValue + reused.totalValue == 100)
            let open = try metrics.expectGauge("aura_connections_open", Self.labels)
            #expect(open.lastValue == 0)
        }
    }

    private static let labels = [("effect", "http"), ("handler", "curl")]

    @Test("nginx refuses a body that is too large for it, and is heard", arguments: [true, false])
    func tooLarge(overTLS: Bool) async throws {
        let url = (overTLS ? servers.tls : servers.plain).at("/small")
        try await CurlHTTPHandler.withHandler { handler in
            let body = ByteStream(byteCount: 50_000_000) { offset throws(EffectError) in
                offset < 50_000_000 ? Array(repeating: 7, count: 100_000) : nil
            }
            let answer = try await handler.send(HTTPRequest(.put, url, body: body))
            #expect(answer.status == 413)
            let text = String(decoding: try await answer.body.bytes(atMost: 10_000), as: UTF8.self)
            #expect(text.contains("413 Request Entity Too Large"))
        }
    }

    @Test("a server that does not prove who it is gets no request")
    func trust() async throws {
        // Of an authority that is not trusted.
        try await CurlHTTPHandler.withHandler(.changed { $0.authorities = nil }) { handler in
            let error = try await failure { try await handler.text(servers.tls.at("/small")) }
            #expect(error.code == .unauthenticated)
            #expect(error.outcome == .notApplied)
        }
        // Of the right authority, for another name.
        try await CurlHTTPHandler.withHandler { handler in
            let url = HTTPURL(.https, host: "127.0.0.1", port: servers.tls.port, path: "/small")
            let error = try await failure { try await handler.text(url) }
            #expect(error.code == .unauthenticated)
            #expect(error.outcome == .notApplied)
        }
    }

    @Test("a server whose TLS is too old is refused")
    func oldTLS() async throws {
        try await CurlHTTPHandler.withHandler(.changed { $0.leastTLS = .tls1_3 }) { handler in
            let error = try await failure { try await handler.text(servers.tls.at("/small")) }
            #expect(error.code == .unavailable)
            #expect(error.outcome == .notApplied)
            #expect(error.message.contains("TLS"))
        }
    }
}
#endif
