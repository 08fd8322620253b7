#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Synchronization
internal import Testing

@testable internal import AuraAWS

@Suite("Large objects on S3")
struct UploadTests {
    private let store: TestStore

    init() throws {
        store = try TestStore(StoreServer.start())
    }

    @Test("bodies of every length around that of a part arrive whole", arguments: [0, -1, 1, 5 << 20])
    func lengths(_ difference: Int) async throws {
        let bucket = try await store.make()
        let content = sampleBytes((5 << 20) + difference)
        for announced in [nil, content.count] {
            let body = ByteStream(byteCount: announced) { offset throws(EffectError) in
                offset < content.count ? Array(content[offset...].prefix(99_999)) : nil
            }
            try await bucket.put(
                body,
                to: "a",
                metadata: ObjectMetadata(contentType: "text/plain", attributes: ["a": "é"])
            )
            let read = try #require(try await bucket.get("a"))
            #expect(read.info.metadata == ObjectMetadata(contentType: "text/plain", attributes: ["a": "é"]))
            #expect(try await read.body.bytes(atMost: .max) == content)
        }
        await store.close()
    }

    @Test("a body that fails amid its parts leaves neither an object nor parts")
    func failingBody() async throws {
        let bucket = try await store.make()
        let chunk = sampleBytes(1 << 20)
        let body = ByteStream { offset throws(EffectError) in
            guard offset < 12 << 20 else { throw EffectError(.corrupted, "The source is damaged.") }
            return chunk
        }
        let error = await #expect(throws: EffectError.self) { try await bucket.put(body, to: "a") }
        #expect(error?.code == .corrupted)
        #expect(try await bucket.info("a") == nil)
        #expect(try await S3Bucket(handler: bucket).pendingUploads().isEmpty)
        await store.close()
    }

    @Test("a put that is cancelled amid its parts leaves neither an object nor parts")
    func cancelledPut() async throws {
        let bucket = try await store.make()
        let chunk = sampleBytes(1 << 20)
        let started = Atomic(false)
        let body = ByteStream { offset throws(EffectError) in
            if offset >= 11 << 20 {
                started.store(true, ordering: .relaxed)
                try await SystemTimeHandler().sleep(for: .seconds(60))
            }
            return chunk
        }
        let task = Task { try await bucket.put(body, to: "a") }
        while !started.load(ordering: .relaxed) { try await Task.sleep(for: .milliseconds(5)) }
        task.cancel()
        let error = await #expect(throws: EffectError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(try await bucket.info("a") == nil)
        #expect(try await S3Bucket(handler: bucket).pendingUploads().isEmpty)
        await store.close()
    }

    @Test("no more parts are in memory than may be")
    func boundedParts() async throws {
        let bucket = try await store.make()
        let chunk = sampleBytes(1 << 20)
        let server = store.server
        let ahead = Atomic(0)
        let before = try server.state.requests.count
        let body = ByteStream(byteCount: 40 << 20) { offset throws(EffectError) in
            guard offset < 40 << 20 else { return nil }
            if offset % (5 << 20) == 0 {
                let requests = (try? server.state.requests[before...].count { $0.contains("partNumber") }) ?? 0
                let taken = offset / (5 << 20) - requests
                ahead.store(max(taken, ahead.load(ordering: .relaxed)), ordering: .relaxed)
            }
            return chunk
        }
        try await bucket.put(body, to: "a")
        // Three under way that have not arrived, one that is full, and one that begins.
        #expect(ahead.load(ordering: .relaxed) <= 5)
        #expect(try await bucket.info("a")?.byteCount == 40 << 20)
        await store.close()
    }

    @Test("an upload whose sender is gone is taken up by another one")
    func resumption() async throws {
        let first = try await store.make()
        let content = sampleBytes(12 << 20)
        let metadata = ObjectMetadata(contentType: "text/plain")
        let upload = try await first.beginUpload(to: "a b+c", metadata: metadata)
        for number in 1...2 {
            let part = content[(number - 1) * (5 << 20)..<number * (5 << 20)]
            _ = try await first.uploadPart(number, of: upload, ByteStream(Array(part)))
        }
        let second = try await store.make(bucket: first.client.address.bucket)
        let pending = try await S3Bucket(handler: second).pendingUploads(prefix: "a b+")
        #expect(pending.map(\.upload.key) == ["a b+c"])
        var parts = try await S3Bucket(handler: second).parts(of: upload)
        #expect(parts.map(\.number) == [1, 2])
        #expect(parts.map(\.byteCount) == [5 << 20, 5 << 20])
        parts.append(try await second.uploadPart(3, of: upload, ByteStream(Array(content[(10 << 20)...]))))
        let revision = try await second.completeUpload(upload, parts: parts, if: .absent)
        let read = try #require(try await second.get("a b+c"))
        #expect(read.info.revision == revision)
        #expect(read.info.metadata == metadata)
        #expect(try await read.body.bytes(atMost: .max) == content)
        await store.close()
    }

    @Test(
        "a part that is larger than the handler's own is sent as it comes, with signed chunks and a checksum",
        arguments: [true, false]
    )
    func streamedPart(_ signsBodies: Bool) async throws {
        let bucket = try await store.make(signsBodies: signsBodies)
        let content = sampleBytes((7 << 20) + 3)
        let upload = try await bucket.beginUpload(to: "a", metadata: ObjectMetadata())
        let part = try await bucket.uploadPart(1, of: upload, ByteStream(content, chunkSize: 100_000))
        #expect(part.byteCount == content.count)
        _ = try await bucket.completeUpload(upload, parts: [part], if: .none)
        let read = try #require(try await bucket.get("a"))
        let isSame = try await read.body.bytes(atMost: .max) == content
        #expect(isSame)
        let unknown = ByteStream { offset throws(EffectError) in offset < content.count ? content : nil }
        let error = await #expect(throws: EffectError.self) { try await bucket.uploadPart(1, of: upload, unknown) }
        #expect(error?.code == .invalidArgument)
        await store.close()
    }

    @Test("versions are listed, and removed one by one")
    func versions() async throws {
        let bucket = try await store.make()
        var parts = S3Client.Parts()
        parts.query = [("versioning", nil)]
        let text = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>"
        parts.body = .bytes(Array(text.utf8))
        _ = try await bucket.client.send(.putObject, .put, nil, parts, for: "test")
        try await bucket.put(ByteStream([1]), to: "a b/é")
        try await bucket.put(ByteStream([2]), to: "a b/é")
        try await bucket.remove("a b/é")
        #expect(try await bucket.info("a b/é") == nil)
        let s3 = S3Bucket(handler: bucket)
        let versions = try await s3.versions(prefix: "a b/").versions
        #expect(versions.count == 3)
        #expect(versions.allSatisfy { $0.key == "a b/é" })
        #expect(versions.filter(\.isRemoval).map(\.isLatest) == [true])
        // Without the mark the last version is back.
        for version in versions where version.isRemoval { try await s3.removeVersion(version.id, of: "a b/é") }
        #expect(try await bucket.get("a b/é")?.body.bytes(atMost: 9) == [2])
        for version in versions { try await s3.removeVersion(version.id, of: "a b/é") }
        #expect(try await s3.versions().versions.isEmpty)
        await store.close()
    }
}
#endif
