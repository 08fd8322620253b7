#if Curl
internal import AuraCurl
internal import AuraEffects
internal import Testing

/// Each test has a process of its own: what other tests hold is none of its memory.
@Suite("The memory of libcurl's bodies")
struct MemoryTests {
    @Test("a large body reaches a slow consumer whole, in bounded memory")
    func slowConsumer() async throws {
        await #expect(processExitsWith: .success) {
            let servers = try LocalServer.shared
            for url in [servers.plain.at("/large"), servers.tls.at("/large")] {
                try await CurlHTTPHandler.withHandler { handler in
                    // What the first requests allocate stays.
                    _ = try await handler.text(url.at("/small"))
                    let before = ProcessMemory.current
                    let request = HTTPRequest(.get, url, fields: ["accept-encoding": "identity"])
                    var body = try await handler.send(request).body.makeAsyncIterator()
                    var (received, most, chunks) = (0, 0, 0)
                    while let chunk = try await body.next() {
                        received += chunk.count
                        chunks += 1
                        if chunks.isMultiple(of: 4) { try await Task.sleep(for: .milliseconds(5)) }
                        most = max(most, ProcessMemory.current)
                    }
                    #expect(received == 104_857_600)
                    #expect(most - before < 48 << 20)
                }
            }
        }
    }

    @Test("a large body is sent whole, in bounded memory")
    func largeUpload() async throws {
        await #expect(processExitsWith: .success) {
            let servers = try LocalServer.shared
            for url in [servers.direct.at("/count"), servers.tls.at("/law/count")] {
                try await CurlHTTPHandler.withHandler { handler in
                    _ = try await handler.text(servers.tls.at("/small"))
                    let before = ProcessMemory.current
                    let chunk = [UInt8](repeating: 7, count: 100_000)
                    let body = ByteStream(byteCount: 100_000_000) { offset throws(EffectError) in
                        offset < 100_000_000 ? chunk : nil
                    }
                    let counted = try await handler.send(HTTPRequest(.put, url, body: body)).body.bytes(atMost: 100)
                    #expect(String(decoding: counted, as: UTF8.self) == "100000000")
                    #expect(ProcessMemory.current - before < 48 << 20)
                }
            }
        }
    }

    @Test("a bomb of compressed content is bounded by who consumes it")
    func bomb() async throws {
        await #expect(processExitsWith: .success) {
            let servers = try LocalServer.shared
            try await CurlHTTPHandler.withHandler { handler in
                let before = ProcessMemory.current
                let request = HTTPRequest(.get, servers.direct.at("/bomb/300"))
                let error = try await failure { try await handler.send(request).body.bytes(atMost: 1_000_000) }
                #expect(error.code == .resourceExhausted)
                var body = try await handler.send(request).body.makeAsyncIterator()
                let first = try await body.next()
                #expect(first != nil)
                try await Task.sleep(for: .milliseconds(500))
                #expect(ProcessMemory.current - before < 64 << 20)
            }
        }
    }
}
#endif
