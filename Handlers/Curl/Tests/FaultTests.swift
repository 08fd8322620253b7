#if Curl
internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import Testing

@Suite("libcurl and servers with faults")
struct FaultTests {
    private let servers: LocalServer

    init() throws {
        servers = try LocalServer.shared
    }

    @Test("a chunked body that breaks off between chunks throws")
    func brokenChunks() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            let answer = try await handler.send(HTTPRequest(.get, servers.direct.at("/break-chunked")))
            var body = answer.body.makeAsyncIterator()
            let value1 = try await body.next()?.count
            #expect(value1 == 1000)
            let error = try await failure { try await body.next() }
            #expect(error.code == .unavailable)
            // Whoever asks again hears the same.
            let again = try await failure { try await body.next() }
            #expect(again.code == .unavailable)
        }
    }

    @Test("trailers are no part of the body, and the connection is used again")
    func trailers() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            let before = try await handler.send(HTTPRequest(.get, servers.direct.at("/bytes/0")))
            let answer = try await handler.send(HTTPRequest(.get, servers.direct.at("/trailers")))
            let body = try await answer.body.bytes(atMost: 100)
            #expect(body == Array("body".utf8))
            #expect(answer.fields["x-late"] == nil)
            let after = try await handler.send(HTTPRequest(.get, servers.direct.at("/bytes/0")))
            #expect(before.fields["x-connection"] != nil)
            #expect(after.fields["x-connection"] == before.fields["x-connection"])
        }
    }

    @Test("a refusal whose body comes later than its head comes whole while a body is sent")
    func slowRefusal() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            let body = ByteStream { offset throws(EffectError) in
                await Task.yield()
                return Array(repeating: 7, count: 10_000)
            }
            let answer = try await handler.send(HTTPRequest(.put, servers.direct.at("/refuse-slowly"), body: body))
            #expect(answer.status == 413)
            let text = try await answer.body.bytes(atMost: 100)
            #expect(text == Array("refused".utf8))
        }
    }

    @Test("a change under a condition whose answer is lost is sent once, and its outcome unknown")
    func conditionalChange() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            _ = try await handler.text(servers.direct.at("/echo"))
            let request = HTTPRequest(
                .put,
                servers.direct.at("/note-and-die/conditional"),
                fields: ["if-none-match": "*"],
                body: ByteStream([1])
            )
            #expect(!request.isRepeatable)
            let error = try await failure { try await handler.send(request) }
            #expect(error.code == .unavailable)
            #expect(error.outcome == .unknown)
            let noted = try await handler.text(servers.direct.at("/noted/conditional"))
            #expect(noted == "1")
        }
    }

    @Test("a slow answer holds no other request up")
    func slowAnswer() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            let slow = Task { try await handler.text(servers.direct.at("/hold/slow")) }
            while try await handler.text(servers.direct.at("/noted/slow")) == "0" {
                try await Task.sleep(for: .milliseconds(10))
            }
            // Its answer comes after this one's.
            _ = try await handler.text(servers.direct.at("/release/slow"))
            let text = try await slow.value
            #expect(text == "rested")
        }
    }

    @Test("a body whose consumer was cancelled says so to whoever asks again")
    func cancelledConsumer() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            let answer = try await handler.send(HTTPRequest(.get, servers.direct.at("/stall/1")))
            var body = answer.body.makeAsyncIterator()
            let byte = try await body.next()
            #expect(byte?.count == 1)
            let first = Task {
                var body = answer.body.makeAsyncIterator()
                return try await body.next()
            }
            let second = Task {
                var body = answer.body.makeAsyncIterator()
                return try await body.next()
            }
            try await Task.sleep(for: .milliseconds(100))
            first.cancel()
            let cancelled = try await failure { try await first.value }
            #expect(cancelled.code == .cancelled)
            let other = try await failure { try await second.value }
            #expect(other.code == .cancelled)
        }
    }

    @Test("requests to a server that never takes a connection all fail in bounded time")
    func deadHost() async throws {
        try await CurlHTTPHandler.withHandler(
            .changed { configuration in
                configuration.connectTimeout = .milliseconds(300)
                configuration.idleTimeout = .seconds(1)
            }
        ) { handler in
            let start = ContinuousClock.now
            await withTaskGroup(of: EffectError?.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        // An address that is kept for documentation (RFC 5737): nobody answers.
                        try? await failure { try await handler.text(HTTPURL(.https, host: "192.0.2.1")) }
                    }
                }
                for await error in group { #expect(error?.outcome == .notApplied) }
            }
            #expect(start.duration(to: .now) < .seconds(30))
        }
    }

    @Test("a server that resets the connection amid an upload leaves the outcome unknown")
    func resetUpload() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            let body = ByteStream(byteCount: 50_000_000) { offset throws(EffectError) in
                offset < 50_000_000 ? Array(repeating: 1, count: 100_000) : nil
            }
            let request = HTTPRequest(.put, servers.direct.at("/reset/1000000", query: "q=secret"), body: body)
            let error = try await failure { try await handler.send(request) }
            #expect(error.code == .unavailable)
            #expect(error.outcome == .unknown)
            #expect(error.isRetryable)
            #expect(!error.debugDescription.contains("secret"))
            #expect(error.message.contains("127.0.0.1"))
        }
    }

    @Test("a server that drips is no silent one; one that stalls is given up")
    func silence() async throws {
        try await CurlHTTPHandler.withHandler(.changed { $0.idleTimeout = .seconds(10) }) { handler in
            // It drips for longer than that.
            async let drip = handler.send(HTTPRequest(.get, servers.direct.at("/drip/240"))).body.bytes(atMost: 240)
            async let silent = failure {
                try await handler.send(HTTPRequest(.get, servers.direct.at("/hang/silent")))
            }
            let stalled = try await handler.send(HTTPRequest(.get, servers.direct.at("/stall/1000")))
            var body = stalled.body.makeAsyncIterator()
            let value5 = try await body.next()?.count
            #expect(value5 == 1000)
            let error = try await failure { try await body.next() }
            #expect(error.code == .deadlineExceeded)
            #expect(error.outcome == .unknown)
            let value4 = try await silent.code
            #expect(value4 == .deadlineExceeded)
            let dripped = try await drip.count
            #expect(dripped == 240)
        }
    }

    @Test("a consumer or a body that takes its time is no silence of the server")
    func slowCaller() async throws {
        try await CurlHTTPHandler.withHandler(.changed { $0.idleTimeout = .seconds(10) }) { handler in
            let body = ByteStream { offset throws(EffectError) in
                guard offset < 2 else { return nil }
                try? await Task.sleep(for: .seconds(12))
                return [1]
            }
            let request = HTTPRequest(.put, servers.direct.at("/count"), body: body)
            async let counting = handler.send(request).body.bytes(atMost: 10)
            var large = try await handler.send(HTTPRequest(.get, servers.direct.at("/bytes/20000000"))).body
                .makeAsyncIterator()
            var count = try await large.next()?.count ?? 0
            try await Task.sleep(for: .seconds(12))
            while let chunk = try await large.next() { count += chunk.count }
            #expect(count == 20_000_000)
            let counted = try await counting
            #expect(counted == Array("2".utf8))
        }
    }

    @Test("what is no HTTP is no answer")
    func noise() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            let error = try await failure { try await handler.send(HTTPRequest(.get, servers.direct.at("/noise"))) }
            #expect(error.code == .unavailable)
            let endless = try await failure {
                try await handler.send(HTTPRequest(.get, servers.direct.at("/endless-fields")))
            }
            #expect(endless.code == .resourceExhausted)
            #expect(endless.isRetryable == false)
        }
    }

    @Test("a head of 103 is passed over")
    func informed() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            let answer = try await handler.send(HTTPRequest(.get, servers.direct.at("/informed")))
            #expect(answer.status == 200)
            #expect(answer.fields["link"] == nil)
            let value6 = try await answer.body.bytes(atMost: 10)
            #expect(value6 == Array("late".utf8))
        }
    }

    @Test("a body that ends with the connection comes whole")
    func untilClose() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            let answer = try await handler.send(HTTPRequest(.get, servers.direct.at("/until-close/100000")))
            #expect(answer.version == .http1_0)
            #expect(answer.body.byteCount == nil)
            let value7 = try await answer.body.bytes(atMost: 100_000).count
            #expect(value7 == 100_000)
        }
    }

    @Test("a request that is not repeatable is sent once where its connection ends without an answer")
    func sentOnce() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            for name in ["once-a", "once-b", "once-c"] {
                // The connection that is used again is the one that libcurl would try anew for.
                _ = try await handler.text(servers.direct.at("/echo"))
                let request = HTTPRequest(.post, servers.direct.at("/note-and-die/\(name)"))
                let error = try await failure { try await handler.send(request) }
                #expect(error.code == .unavailable)
                #expect(error.outcome == .unknown)
                let value8 = try await handler.text(servers.direct.at("/noted/\(name)"))
                #expect(value8 == "1")
            }
        }
    }

    @Test("compressed content is unpacked, except where the request says what it accepts or asks for a range")
    func compression() async throws {
        try await CurlHTTPHandler.withHandler { handler in
            let url = servers.direct.at("/gzip/100000")
            let unpacked = try await handler.send(HTTPRequest(.get, url))
            #expect(unpacked.fields["content-encoding"] == nil)
            #expect(unpacked.fields["content-length"] == nil)
            let value9 = try await unpacked.body.bytes(atMost: 100_000).count
            #expect(value9 == 100_000)
            for fields in [["accept-encoding": "gzip"], ["range": "bytes=0-"]] as [HTTPFields] {
                let packed = try await handler.send(HTTPRequest(.get, url, fields: fields))
                #expect(packed.fields["content-encoding"] == "gzip")
                let bytes = try await packed.body.bytes(atMost: 100_000)
                #expect(bytes.starts(with: [0x1F, 0x8B]))
            }
            let real = try await handler.send(HTTPRequest(.get, servers.plain.at("/gzip/small")))
            let value10 = try await real.body.bytes(atMost: 1024)
            #expect(value10 == Array(repeating: UInt8(ascii: "a"), count: 1024))
            let damaged = try await failure {
                try await handler.send(HTTPRequest(.get, servers.direct.at("/bad-gzip"))).body.bytes(atMost: 1000)
            }
            #expect(damaged.code == .corrupted)
        }
    }

    @Test("names that are not known and servers that do not take connections are named")
    func unreachable() async throws {
        try await CurlHTTPHandler.withHandler(.changed { $0.connectTimeout = .milliseconds(300) }) { handler in
            let unknown = try await failure { try await handler.text(HTTPURL(.http, host: "no-such-host.invalid")) }
            #expect(unknown.code == .unavailable || unknown.code == .deadlineExceeded)
            #expect(unknown.outcome == .notApplied)
            #expect(unknown.message.contains("no-such-host.invalid"))
            // An address that is kept for documentation (RFC 5737): nobody answers.
            let silent = try await failure { try await handler.text(HTTPURL(.http, host: "192.0.2.1")) }
            #expect([.deadlineExceeded, .unavailable].contains(silent.code))
            #expect(silent.outcome == .notApplied)
        }
    }
}
#endif
