internal import AuraEffects

extension Law where Handler == any HTTPEffects {
    static var brokenExchanges: [HTTPLaw] {
        [
            HTTPLaw("a body that breaks off throws, after what has come") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                for count in [1, 1000, 500_000] {
                    let answer = try await handler.send(harness.request(.get, "break/\(count)"))
                    var body = answer.body.makeAsyncIterator()
                    var bytes: [UInt8] = []
                    let error = try await expectFailure(.unavailable, "a body that breaks off", outcome: nil) {
                        while let chunk = try await body.next() { bytes += chunk }
                    }
                    let isBeginning = bytes == Array(HTTPLawServer.pattern(count).prefix(bytes.count))
                    try expect(isBeginning, "the bytes before the end are others")
                    try expect(error.isRetryable, "'\(error)' does not say that trying again may help")
                }
                try await handler.expectUsable(harness, "after bodies broke off")
            },
            HTTPLaw("where no server answers a request is not applied") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                var request = HTTPRequest(.put, harness.nobody, body: ByteStream([1, 2, 3]))
                request.url.query = "signature=the-query-that-no-error-prints"
                let error = try await expectFailure(.unavailable, "a request to nobody") { [request] in
                    try await within(Patience.step, "a request to nobody") { try await handler.send(request) }
                }
                try expectDiscreet(error, effect: HTTPEffect.name, hiding: "the-query-that-no-error-prints")
                try expect(error.message.contains(harness.nobody.host), "'\(error)' does not name the host")
            },
            HTTPLaw("a body that fails passes its error on") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                for size in [0, 10, 400_000] {
                    let body = ByteStream { offset throws(EffectError) in
                        guard offset < size else { throw EffectError(.corrupted, "The source is damaged.") }
                        return Array(repeating: 7, count: min(100_000, size))
                    }
                    let error = try await expectFailure(.corrupted, "a body that fails", outcome: nil) {
                        try await handler.send(harness.request(.put, "count", body: body))
                    }
                    try expectEqual(error.message, "The source is damaged.", "the error")
                }
                try await handler.expectUsable(harness, "after bodies failed")
            },
            HTTPLaw("a body that is not as long as it says is refused") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                for (count, said) in [(10, 11), (10, 9), (300_000, 300_001), (300_000, 299_999)] {
                    let bytes = HTTPLawServer.pattern(count)
                    let body = ByteStream(byteCount: said) { offset throws(EffectError) in
                        offset < count ? Array(bytes[offset...].prefix(50_000)) : nil
                    }
                    try await expectFailure(.invalidArgument, "\(count) bytes instead of \(said)", outcome: nil) {
                        try await handler.send(harness.request(.put, "count", body: body))
                    }
                }
                try await handler.expectUsable(harness, "after bodies of another length")
            },
        ]
    }

    static var refusals: [HTTPLaw] {
        [
            HTTPLaw("a request that cannot be sent as it is is refused, and nothing is sent") { harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let note = harness.request(.post, "note/refused")
                let secret = "a-secret-with-no-place-in-errors"
                var requests: [(String, HTTPRequest)] = []
                func add(_ what: String, _ change: (inout HTTPRequest) -> Void) {
                    var request = note
                    change(&request)
                    requests.append((what, request))
                }
                for method in ["", "GE T", "GET\r\n", "É"] {
                    add("a method") { $0.method = HTTPMethod(rawValue: method) }
                }
                for name in ["", "a b", "a:", "a\r\n", "é"] {
                    add("a field's name") { $0.fields.append(HTTPField(name, secret)) }
                }
                for value in ["a\r\nb: c", "a\0b", "a\nb", "\u{7f}"] {
                    add("a field's value") { $0.fields.append(HTTPField("x-a", secret + value)) }
                }
                for host in ["", "a b", "a/b", "a@b", "a?b", "a#b", "[::1", "a:1"] {
                    add("a host") { $0.url.host = host }
                }
                for port in [0, -1, 65_536] { add("a port") { $0.url.port = port } }
                for path in ["", "a", "/a b", "/a?b", "/a#b", "/é", "/a\r\n"] { add("a path") { $0.url.path = path } }
                for query in ["a b", "a#b", "é", "\r\n"] { add("a query") { $0.url.query = secret + query } }
                add("a HEAD with a body") { request in
                    request.method = .head
                    request.body = ByteStream([1])
                }
                for (what, request) in requests {
                    let error = try await expectFailure(.invalidArgument, what) { try await handler.send(request) }
                    try expectDiscreet(error, effect: HTTPEffect.name, hiding: secret)
                }
                let noted = try await handler.text(harness.request(.get, "noted/refused"))
                try expectEqual(noted, "0", "how many refused requests arrived")
            },
            HTTPLaw("fields beyond the limit end the exchange", .limit(.responseFieldBytes, atMost: 1 << 20)) {
                harness in
                let (handler, harness) = (try await harness.make(), try serving(harness))
                let limit = harness.capabilities.limit(.responseFieldBytes)
                let few = try await handler.send(harness.request(.get, "fields/\(limit / 3)"))
                try expect(few.fields.count >= limit / 3000, "fields within the limit are missing")
                let error = try await expectFailure(.resourceExhausted, "too many fields", outcome: .unknown) {
                    try await handler.send(harness.request(.get, "fields/\(limit + 2000)"))
                }
                try expect(!error.isRetryable, "'\(error)' says that trying again may help")
                try await handler.expectUsable(harness, "after too many fields")
            },
        ]
    }
}
