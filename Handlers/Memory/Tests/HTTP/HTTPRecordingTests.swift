internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Foundation
internal import Testing

@Suite("Exchanges over HTTP that are recorded and replayed")
struct HTTPRecordingTests {
    private let path = NSTemporaryDirectory() + "aura-http-recording-\(UUID().uuidString)"
    private let url = HTTPURL(.https, host: "api.example", path: "/notes")

    @Test("the laws hold while they are recorded", arguments: HTTPLaw.applicable(to: RecordingHarness()))
    func laws(_ law: HTTPLaw) async throws {
        try await law.check(RecordingHarness())
    }

    /// What an application does, the same each time but for what signs its requests.
    private func use(_ http: any HTTPEffects, signature: String) async throws -> [String] {
        var heard: [String] = []
        for (method, query, body) in [
            (HTTPMethod.get, "page=1&X-Amz-Signature=\(signature)", nil),
            (.put, "", ByteStream(Array("a".utf8))), (.put, "", ByteStream(Array("b".utf8))),
            (.get, "page=1&X-Amz-Signature=\(signature)", nil),
            (.get, "fails", nil),
        ] as [(HTTPMethod, String, ByteStream?)] {
            var request = HTTPRequest(method, url, fields: ["authorization": "Bearer \(signature)"], body: body)
            request.url.query = query
            do {
                let answer = try await http.send(request)
                let bytes = try await answer.body.bytes(atMost: 1000)
                heard.append("\(answer.status) \(answer.fields["x-kind"] ?? "-") \(bytes)")
            } catch {
                heard.append("\(error.code) \(error.outcome) \(error.isRetryable)")
            }
        }
        return heard
    }

    private func serve() -> MemoryHTTPHandler {
        let count = Mutexed(0)
        let servers = MemoryHTTPServers()
        servers.register("https://api.example") { request in
            let number = count.withLock { count in
                count += 1
                return count
            }
            if request.url.query == "fails" { throw EffectError(.unavailable, "It broke off: the-hidden-word.") }
            let body = try await request.body?.bytes(atMost: 100) ?? [0xFF, 0x00]
            return HTTPResponse(
                status: 200 + number,
                fields: ["x-kind": "n\(number)", "set-cookie": "session=the-cookie", "x-hidden": "the-hidden-word"],
                body: ByteStream(body + Array(" the-hidden-word".utf8))
            )
        }
        return MemoryHTTPHandler(servers)
    }

    private func options() -> HTTPRecordingOptions {
        var options = HTTPRecordingOptions()
        options.hidden = [Secret("the-hidden-word")]
        return options
    }

    @Test("a replay answers as the server did, in the same order, and no secret is in the file")
    func replay() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let recording = try await RecordingHTTPHandler(serve(), to: path, options: options())
        let heard = try await use(recording, signature: "the-first-signature")
        try await recording.close()
        let file = try String(contentsOfFile: path, encoding: .utf8)
        for secret in ["the-first-signature", "the-cookie", "the-hidden-word", "Bearer"] {
            #expect(!file.contains(secret), "'\(secret)' is in the recording")
        }
        #expect(file.split(separator: "\n").count == 6)
        let replaying = try ReplayingHTTPHandler(from: path, options: options())
        #expect(replaying.remainingCount == 5)
        let replayed = try await use(replaying, signature: "another-signature")
        let redacted = heard.map {
            $0.replacingOccurrences(
                of: "\(Array("the-hidden-word".utf8))".dropFirst().dropLast(),
                with: "\(Array("<redacted>".utf8))".dropFirst().dropLast()
            )
        }
        #expect(replayed == redacted)
        #expect(replaying.remainingCount == 0)
    }

    @Test("what was not recorded, and what was asked for already, fails")
    func strangers() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let recording = try await RecordingHTTPHandler(serve(), to: path)
        _ = try await recording.send(HTTPRequest(.put, url, body: ByteStream([1]))).body.bytes(atMost: 100)
        try await recording.close()
        let replaying = try ReplayingHTTPHandler(from: path)
        func code(_ request: HTTPRequest) async -> EffectError.Code? {
            do throws(EffectError) {
                _ = try await replaying.send(request)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(await code(HTTPRequest(.put, url, body: ByteStream([2]))) == .notFound)
        #expect(await code(HTTPRequest(.get, url)) == .notFound)
        #expect(await code(HTTPRequest(.put, url, body: ByteStream([1]))) == nil)
        #expect(await code(HTTPRequest(.put, url, body: ByteStream([1]))) == .notFound)
    }

    @Test("a body that was dropped breaks off in the replay where it was dropped")
    func dropped() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let servers = MemoryHTTPServers()
        servers.register("https://api.example") { _ in
            HTTPResponse(status: 200, body: ByteStream(Array(repeating: 1, count: 200_000)))
        }
        let recording = try await RecordingHTTPHandler(MemoryHTTPHandler(servers), to: path)
        do {
            var body = try await recording.send(HTTPRequest(.get, url)).body.makeAsyncIterator()
            _ = try await body.next()
        }
        try await recording.close()
        let replaying = try ReplayingHTTPHandler(from: path)
        var body = try await replaying.send(HTTPRequest(.get, url)).body.makeAsyncIterator()
        let first = try await body.next()
        #expect(first?.count == 65_536)
        await #expect(throws: EffectError.self) { try await body.next() }
    }

    @Test("a file that is no recording, or was altered, is refused with its line")
    func damaged() async throws {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let header = #"{"format":"aura-http-recording","version":1}"#
        for (text, line) in [("x\n", 1), ("{}\n", 1), ("\(header)\n{\"method\":\"GET\"}\n", 2)] {
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            let failure = #expect(throws: RecordingFailure.self) { _ = try ReplayingHTTPHandler(from: path) }
            #expect(failure?.kind == .damaged)
            #expect(failure?.message.contains("Line \(line) ") ?? false)
        }
        let missing = #expect(throws: RecordingFailure.self) { _ = try ReplayingHTTPHandler(from: path + "-none") }
        #expect(missing?.kind == .notReadable)
    }
}

/// Memory behind a recording.
final class RecordingHarness: HTTPHarness {
    private let bare = MemoryHTTPHarness()
    private let path = NSTemporaryDirectory() + "aura-http-laws-\(UUID().uuidString)"

    var server: HTTPURL { bare.server }
    var nobody: HTTPURL { bare.nobody }
    var capabilities: Capabilities { bare.capabilities }

    func make() async throws -> any HTTPEffects {
        try await RecordingHTTPHandler(bare.make(), to: path)
    }

    func finish() async {
        try? FileManager.default.removeItem(atPath: path)
    }
}
