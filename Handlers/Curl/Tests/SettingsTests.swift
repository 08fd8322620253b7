#if Curl
@testable internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import Testing

@Suite("The settings of HTTP over libcurl")
struct SettingsTests {
    private let budget = HandlerContext.test().budget

    private func refusal(_ values: [String: HandlerSettings.Value]) throws -> EffectError {
        do throws(EffectError) {
            let configuration = try CurlSettings.configuration(HandlerSettings(values), budget)
            try configuration.check()
        } catch {
            return error
        }
        throw TestFailure("Nothing was refused.")
    }

    @Test("what cannot be kept is refused by the setting's name, without a secret")
    func refusals() throws {
        let cases: [(String, [String: HandlerSettings.Value])] = [
            ("connectTimeout", ["connectTimeout": .duration(.zero)]),
            ("idleTimeout", ["idleTimeout": .duration(.seconds(100_000))]),
            ("responseFields", ["responseFields": .byteCount(.mebibytes(1))]),
            ("connectionsPerHost", ["connections": .integer(2), "connectionsPerHost": .integer(3)]),
            ("proxy", ["proxy": .string("socks5://a")]),
            ("proxy", ["proxy": .string("http://user:the-password@a.example")]),
            ("proxyCredentials", ["proxyCredentials": .secret(Secret("user:the-password"))]),
        ]
        for (name, values) in cases {
            let error = try refusal(values)
            #expect(error.code == .invalidArgument)
            #expect(error.message.contains("'\(name)'"))
            #expect(!error.debugDescription.contains("the-password"))
        }
    }

    @Test("sizes follow the budget")
    func sizes() {
        let embedded = ResourceBudget(memoryLimit: .mebibytes(64), cpuQuota: 0.1, ioQuota: .mebibytes(1))
        #expect(CurlConfiguration(budget: embedded).connections == 16)
        #expect(CurlConfiguration(budget: embedded).bodyBuffer == .kibibytes(64))
        #expect(CurlConfiguration(budget: embedded).version == .http1)
        #expect(CurlConfiguration(budget: budget).version == .http2)
        #expect(CurlConfiguration(budget: budget).connections == 512)
        #expect(CurlConfiguration(budget: budget).connectionsPerHost == 128)
        #expect(CurlConfiguration(budget: budget).bodyBuffer == .kibibytes(256))
    }

    @Test("a file of authorities that is not there is refused at once, one without certificates at the first request")
    func authorities() async throws {
        var configuration = CurlConfiguration(budget: budget)
        configuration.authorities = "/nowhere/ca.pem"
        let missing = try await failure { try CurlHTTPHandler(configuration, .test()) }
        #expect(missing.code == .notFound)
        #expect(missing.message.contains("/nowhere/ca.pem"))
        let servers = try LocalServer.shared
        try await CurlHTTPHandler.withHandler(.changed { $0.authorities = "\(servers.folder)/nginx.conf" }) { handler in
            let error = try await failure { try await handler.text(servers.tls.at("/small")) }
            #expect(error.code == .invalidArgument)
            #expect(error.message.contains("authorities"))
        }
    }

    @Test("a handler that was stopped says so, and ends what is under way")
    func stopped() async throws {
        let servers = try LocalServer.shared
        let handler = try CurlHTTPHandler(CurlConfiguration(budget: budget), .test())
        let waiting = Task { try await handler.send(HTTPRequest(.get, servers.direct.at("/hang/stopped"))) }
        try await CurlHTTPHandler.withHandler { other in
            while try await other.text(servers.direct.at("/noted/stopped")) == "0" {
                try await Task.sleep(for: .milliseconds(10))
            }
        }
        await handler.close()
        let ended = try await failure { try await waiting.value }
        #expect(ended.code == .unavailable)
        #expect(ended.outcome == .unknown)
        let refused = try await failure { try await handler.send(HTTPRequest(.get, servers.direct.at("/echo"))) }
        #expect(refused.code == .unavailable)
        #expect(refused.outcome == .notApplied)
        await handler.close()
    }
}

@Suite("The head of an answer, line by line")
struct ResponseHeadTests {
    private func read(_ lines: [String], atMost limit: Int = 1000) throws(ResponseHead.Failure) -> ResponseHead {
        var head = ResponseHead(atMost: limit)
        for line in lines {
            let bytes = Array((line + "\r\n").utf8)
            let result = unsafe bytes.withUnsafeBytes { line in
                Result<Void, ResponseHead.Failure> { () throws(ResponseHead.Failure) in unsafe try head.take(line) }
            }
            try result.get()
        }
        return head
    }

    @Test("fields, folded lines, heads of 1xx and trailers")
    func heads() throws {
        let lines = [
            "HTTP/1.1 100 Continue", "", "HTTP/1.1 200 OK", "a: 1", "B:2 ", "c: x", "  y", "no field", "", "late: 1",
        ]
        let head = try read(lines)
        #expect(head.isComplete)
        #expect(head.status == 200)
        #expect(head.fields.map(\.description) == ["a: 1", "B: 2", "c: x y"])
        #expect(try read(["HTTP/2 404", ""]).version == .http2)
        #expect(try read(["HTTP/1.0 301 Moved Permanently", ""]).version == .http1_0)
    }

    @Test("what is no head, and what is too large")
    func refusals() {
        for lines in [["HTTP/3 200", ""], ["HTTP/1.1 abc"], ["hello"], [""]] {
            #expect(throws: ResponseHead.Failure.malformed) { try read(lines) }
        }
        #expect(throws: ResponseHead.Failure.tooLarge) {
            try read(["HTTP/1.1 200 OK", "a: \(String(repeating: "a", count: 1000))"])
        }
    }
}
#endif
