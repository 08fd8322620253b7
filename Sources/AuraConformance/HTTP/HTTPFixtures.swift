internal import AuraEffects
internal import Synchronization

/// A harness of the laws of HTTP.
func serving(_ harness: any ConformanceHarness<any HTTPEffects>) throws -> any HTTPHarness {
    try require(harness as? any HTTPHarness, "a harness with a server")
}

extension HTTPHarness {
    /// A request to a route of the server.
    func request(
        _ method: HTTPMethod,
        _ route: String,
        query: String? = nil,
        fields: HTTPFields = [:],
        body: ByteStream? = nil
    ) -> HTTPRequest {
        var url = server
        url.path += route
        url.query = query
        return HTTPRequest(method, url, fields: fields, body: body)
    }
}

extension HTTPEffects {
    /// The text that a request is answered with.
    func text(_ request: HTTPRequest) async throws -> String {
        String(decoding: try await send(request).body.bytes(atMost: 1 << 20), as: UTF8.self)
    }

    /// Fails unless the server can be reached and answers as it should.
    func expectUsable(_ harness: any HTTPHarness, _ what: String, line: Int = #line) async throws {
        let answer = try await within(Patience.step, "a request \(what)", line: line) {
            try await send(harness.request(.get, "bytes/1000")).body.bytes(atMost: 1000)
        }
        try expect(answer == HTTPLawServer.pattern(1000), "the answer to a request \(what) is another one", line: line)
    }
}

/// A body of bytes in chunks, of known or unknown length.
func body(_ bytes: [UInt8], chunk size: Int, hasLength: Bool) -> ByteStream {
    ByteStream(byteCount: hasLength ? bytes.count : nil, isRepeatable: true) { offset throws(EffectError) in
        await Task.yield()
        guard offset < bytes.count else { return nil }
        return Array(bytes[offset...].prefix(size))
    }
}

private let nameCount = Atomic(0)

/// A name that no other law of this process uses: several may share a server.
func freshName() -> String {
    "name-\(nameCount.add(1, ordering: .relaxed).newValue)"
}
