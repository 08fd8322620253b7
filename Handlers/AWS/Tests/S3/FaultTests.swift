#if AWS
internal import AuraCloud
internal import AuraCurl
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization
internal import Testing

@testable internal import AuraAWS

@Suite("S3 in trouble", .serialized)
struct FaultTests {
    private let store: TestStore

    init() throws {
        let server = try Self.server.get()
        try server.set([StoreServer.Fault]())
        try server.setClock(ahead: 0)
        store = try TestStore(server)
    }

    /// One store for these tests, which ask it for faults one after the other.
    private static let server = Result { try StoreServer() }

    private let config = CloudConfig().timeout(.seconds(120)).retryPolicy(.fixed(.milliseconds(10), attempts: 3))
    private let plain = CloudConfig().timeout(.seconds(120))

    private func failure(_ body: () async throws -> Void) async -> EffectError? {
        await #expect(throws: EffectError.self) { try await body() }
    }

    @Test("a store that asks for fewer requests is waited for as long as it says")
    func throttling() async throws {
        let bucket = try await store.make(config)
        try store.server.set([
            .init(match: "PUT .*/a$", times: 2, status: 503, code: "SlowDown", headers: ["Retry-After": "1"])
        ])
        let duration = try await ContinuousClock().measure { _ = try await bucket.put(ByteStream([1]), to: "a") }
        #expect(duration >= .seconds(2))
        try store.server.set([.init(match: "GET .*/a$", times: 9, status: 503, code: "SlowDown")])
        let error = await failure { _ = try await bucket.get("a") }
        #expect(error?.code == .throttled)
        #expect(error?.message.contains("TESTREQUEST") == true)
        await store.close()
    }

    @Test("an error of the store is tried again, and leaves a change unknown")
    func serverErrors() async throws {
        let bucket = try await store.make(config)
        try await bucket.put(ByteStream([1]), to: "a")
        try store.server.set([.init(match: "GET .*/a$", times: 2, status: 500, code: "InternalError")])
        #expect(try await bucket.get("a")?.body.bytes(atMost: 9) == [1])
        try store.server.set([.init(match: "PUT .*/b$", times: 9, status: 500, code: "InternalError")])
        let error = await failure { try await bucket.put(ByteStream([1]), to: "b", metadata: .init(), if: .absent) }
        #expect(error?.code == .unavailable)
        #expect(error?.outcome == .unknown)
        await store.close()
    }

    @Test("a body that breaks off goes on where it was")
    func truncation() async throws {
        let bucket = try await store.make(plain)
        let content = sampleBytes(400_000)
        try await bucket.put(ByteStream(content), to: "a")
        try store.server.set([
            .init(match: "GET .*/a$", truncate: 100_000), .init(match: "GET .*/a$", truncate: 7),
        ])
        let read = try #require(try await bucket.get("a"))
        #expect(try await read.body.bytes(atMost: .max) == content)
        await store.close()
    }

    @Test("a body that breaks off after its object was replaced ends as a conflict")
    func truncationOfAReplacedObject() async throws {
        let bucket = try await store.make(plain)
        try await bucket.put(ByteStream(sampleBytes(400_000)), to: "a")
        try store.server.set([.init(match: "GET .*/a$", truncate: 100_000)])
        let read = try #require(try await bucket.get("a"))
        try await bucket.put(ByteStream([1]), to: "a")
        let error = await failure { _ = try await read.body.bytes(atMost: .max) }
        #expect(error?.code == .conflict)
        await store.close()
    }

    @Test("a body that was damaged on its way is noticed", arguments: [100_000, 12 << 20])
    func damage(_ count: Int) async throws {
        let bucket = try await store.make(plain)
        let content = sampleBytes(count)
        try await bucket.put(ByteStream(content), to: "a")
        #expect(try await bucket.get("a")?.body.bytes(atMost: .max) == content)
        try store.server.set([.init(match: "GET .*/a$", corrupt: true)])
        let read = try #require(try await bucket.get("a"))
        let error = await failure { _ = try await read.body.bytes(atMost: .max) }
        #expect(error?.code == .corrupted)
        await store.close()
    }

    @Test("bytes that arrived damaged are sent again")
    func badDigest() async throws {
        let bucket = try await store.make(config)
        try store.server.set([.init(match: "PUT .*/a$", status: 400, code: "BadDigest")])
        try await bucket.put(ByteStream([1]), to: "a")
        #expect(try await bucket.info("a")?.byteCount == 1)
        await store.close()
    }

    @Test("a connection that is reset amid an upload costs one part")
    func resets() async throws {
        let bucket = try await store.make(plain)
        let content = sampleBytes(17 << 20)
        try store.server.set([
            .init(match: "PUT .*partNumber=2", drop: "before"), .init(match: "PUT .*partNumber=3", drop: "after"),
            .init(match: "POST .*uploads", status: 503, code: "SlowDown"),
        ])
        let before = try store.server.state.requests.count
        try await bucket.put(ByteStream(content), to: "a")
        let sent = try store.server.state.requests[before...].filter { $0.contains("partNumber") }
        // Four parts, and the two that were sent again.
        #expect(sent.count == 6)
        #expect(try await bucket.get("a")?.body.bytes(atMost: .max) == content)
        await store.close()
    }

    @Test("a clock that is 20 minutes off is corrected once", arguments: [1200, -1200])
    func skew(_ ahead: Int) async throws {
        let bucket = try await store.make(plain)
        try store.server.setClock(ahead: ahead)
        let before = try store.server.state.refusals["RequestTimeTooSkewed"] ?? 0
        try await bucket.put(ByteStream([1]), to: "a")
        for _ in 0..<5 { #expect(try await bucket.info("a")?.byteCount == 1) }
        let address = try await bucket.presignedURL(.get, to: "a", expiresIn: .seconds(60))
        let url = try #require(HTTPURL(address.url.withExposedValue { $0 }))
        #expect(try await store.http.send(HTTPRequest(.get, url)).status == 200)
        try store.server.setClock(ahead: 0)
        #expect(try store.server.state.refusals["RequestTimeTooSkewed"] == before + 1)
        await store.close()
    }

    @Test("a clock that is off is corrected for all requests that are under way, and where an answer says nothing")
    func skewOfMany() async throws {
        let bucket = try await store.make(plain)
        try await bucket.put(ByteStream([1]), to: "a")
        let name = bucket.client.address.bucket
        try store.server.setClock(ahead: 1200)
        let first = try await store.make(bucket: name, plain)
        #expect(try await first.info("a")?.byteCount == 1)
        let many = try await store.make(bucket: name, plain)
        let found = try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<16 { group.addTask { try await many.get("a")?.info.byteCount } }
            return try await group.reduce(into: [Int?]()) { $0.append($1) }
        }
        #expect(found == Array(repeating: 1, count: 16))
        try store.server.setClock(ahead: 0)
        await store.close()
    }

    @Test("a part that cannot be sent leaves neither an object, nor parts, nor doubt")
    func failingPart() async throws {
        let bucket = try await store.make(CloudConfig().timeout(.seconds(120)).retryPolicy(.none))
        try store.server.set([.init(match: "PUT .*partNumber=2", times: 9, drop: "after")])
        let error = await failure { try await bucket.put(ByteStream(sampleBytes(12 << 20)), to: "a") }
        #expect(error?.outcome == .notApplied)
        #expect(try await bucket.info("a") == nil)
        #expect(try await S3Bucket(handler: bucket).pendingUploads().isEmpty)
        await store.close()
    }

    @Test("the end of an upload is tried again where the store asks for fewer requests, or fails")
    func throttledCompletion() async throws {
        let bucket = try await store.make(plain)
        try store.server.set([
            .init(match: "POST .*uploadId", status: 503, code: "SlowDown"),
            .init(match: "POST .*uploadId", status: 500, code: "InternalError"),
            .init(match: "POST .*uploadId", drop: "after"),
        ])
        let content = sampleBytes(6 << 20)
        let revision = try await bucket.put(ByteStream(content), to: "a", metadata: .init(), if: .absent)
        #expect(try await bucket.info("a")?.revision == revision)
        await store.close()
    }

    @Test("a conditional put that arrived twice is the writer's own")
    func sentTwice() async throws {
        let bucket = try await store.make(plain)
        var parts = S3Client.Parts()
        parts.fields = [HTTPField(S3Metadata.writeField, "mine")]
        parts.body = .bytes([1])
        parts.changes = true
        _ = try await bucket.client.send(.putObject, .put, "a", parts, for: "put")
        let refusal = EffectError(.preconditionFailed, "refused", operation: "put")
        let info = try #require(try await bucket.info("a"))
        #expect(try await bucket.settle(refusal, of: "mine", to: "a") == info.revision)
        let error = await failure { _ = try await bucket.settle(refusal, of: "another", to: "a") }
        #expect(error?.code == .preconditionFailed)
        let request = HTTPRequest(
            .put,
            HTTPURL(.http, host: "a"),
            fields: ["If-None-Match": "*"],
            body: ByteStream([1])
        )
        #expect(!request.isRepeatable)
        await store.close()
    }

    @Test("a conditional put whose answer is lost is found again")
    func lostAcknowledgement() async throws {
        let bucket = try await store.make(config)
        try store.server.set([.init(match: "PUT .*/a$", drop: "after")])
        let revision = try await bucket.put(ByteStream([1]), to: "a", metadata: .init(), if: .absent)
        #expect(try await bucket.info("a")?.revision == revision)
        // It was sent once: a second one would have been refused.
        try store.server.set([.init(match: "PUT .*/a$", drop: "after")])
        let second = try await bucket.put(ByteStream([2]), to: "a", metadata: .init(), if: .matches(revision))
        #expect(try await bucket.get("a")?.body.bytes(atMost: 9) == [2])
        #expect(second != revision)
        await store.close()
    }

    @Test("one that cannot be found is unknown, whether or not it took effect", arguments: ["before", "after"])
    func unknown(_ drop: String) async throws {
        let bucket = try await store.make(plain)
        try store.server.set([
            .init(match: "PUT .*/a$", drop: drop), .init(match: "HEAD .*/a$", times: 9, status: 500),
        ])
        let error = await failure { try await bucket.put(ByteStream([1]), to: "a", metadata: .init(), if: .absent) }
        #expect(error?.outcome == .unknown)
        try store.server.set([StoreServer.Fault]())
        let isStored = try await bucket.info("a") != nil
        #expect(isStored == (drop == "after"))
        await store.close()
    }

    @Test("the end of an upload whose answer is lost is found again")
    func lostCompletion() async throws {
        let bucket = try await store.make(plain)
        let content = sampleBytes(6 << 20)
        try store.server.set([.init(match: "POST .*uploadId", drop: "after")])
        let revision = try await bucket.put(ByteStream(content), to: "a", metadata: .init(), if: .absent)
        #expect(try await bucket.info("a")?.revision == revision)
        #expect(try await bucket.get("a")?.body.bytes(atMost: .max) == content)
        await store.close()
    }

    @Test("credentials that expire amid a body are fetched anew, and it goes on")
    func expiringCredentials() async throws {
        let bucket = try await store.make(plain)
        let content = sampleBytes(400_000)
        try await bucket.put(ByteStream(content), to: "a")
        try store.server.set([
            "AKIDFIRST": .init(secret: "first", token: "token-1"),
            "AKIDSECOND": .init(secret: "second", token: "token-2"),
        ])
        let fetches = Atomic(0)
        let source = RefreshingCredentials<AWSCredentials>(time: store.context.time) { () async throws(EffectError) in
            let isFirst = fetches.add(1, ordering: .relaxed).newValue == 1
            return AWSCredentials(
                accessKeyID: isFirst ? "AKIDFIRST" : "AKIDSECOND",
                secretAccessKey: Secret(isFirst ? "first" : "second"),
                sessionToken: Secret(isFirst ? "token-1" : "token-2")
            )
        }
        let auth = AWSAuthProvider(
            signer: SigV4Signer(service: "s3", region: "us-east-1"),
            credentials: source,
            time: store.context.time
        )
        let reader = try await store.make(bucket: bucket.client.address.bucket, plain.authProvider(auth))
        try store.server.set([.init(match: "GET .*/a$", truncate: 100_000)])
        let read = try #require(try await reader.get("a"))
        try store.server.set(["AKIDFIRST": .init(secret: "first", token: "token-1", expired: true)])
        #expect(try await read.body.bytes(atMost: .max) == content)
        #expect(fetches.load(ordering: .relaxed) == 2)
        await store.close()
    }

    @Test("a wrong secret, and a bucket that is not there, say what to do")
    func settings() async throws {
        let wrong = AWSAccess(
            credentials: AWSCredentials(accessKeyID: StoreServer.accessKeyID, secretAccessKey: Secret("wrong"))
        )
        let stranger = try await store.make(bucket: "any", plain, wrong)
        let refusal = await failure { _ = try await stranger.get("a") }
        #expect(refusal?.code == .unauthenticated)
        #expect(refusal?.message.contains("SignatureDoesNotMatch") == true)
        let lost = try await store.make(bucket: "no-such-bucket-anywhere", plain)
        let error = await failure { _ = try await lost.get("a") }
        #expect(error?.message.contains("Create the bucket, or set 'bucket' to another one.") == true)
        #expect(error?.isRetryable == false)
        await store.close()
    }
}
#endif
