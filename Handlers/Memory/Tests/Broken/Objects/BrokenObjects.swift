internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Testing

/// A memory bucket of which some operations are replaced by broken ones.
struct BrokenObjects: ObjectStorageEffects {
    typealias Base = MemoryObjectStorageHandler
    typealias Info = @Sendable (Base, ObjectKey) async throws(EffectError) -> ObjectInfo?
    typealias Get =
        @Sendable (Base, ObjectKey, ObjectRange?, ObjectReadCondition) async throws(EffectError) -> ObjectContent?
    typealias Put =
        @Sendable (Base, ByteStream, ObjectKey, ObjectMetadata, CloudPrecondition) async throws(EffectError)
        -> CloudRevision
    typealias Remove = @Sendable (Base, ObjectKey, CloudRevision?) async throws(EffectError) -> Void
    typealias Copy =
        @Sendable (Base, ObjectKey, CloudRevision?, ObjectKey, CloudPrecondition) async throws(EffectError)
        -> CloudRevision
    typealias List = @Sendable (Base, String, PageToken?, Int) async throws(EffectError) -> ObjectPage
    typealias Part = @Sendable (Base, Int, ObjectUpload, ByteStream) async throws(EffectError) -> UploadedPart
    typealias Complete =
        @Sendable (Base, ObjectUpload, [UploadedPart], CloudPrecondition) async throws(EffectError) -> CloudRevision
    typealias Presign =
        @Sendable (Base, PresignedURL.Access, ObjectKey, Duration) async throws(EffectError) -> PresignedURL

    let base: Base
    var capabilities = MemoryObjectStorageHandler.capabilities
    var info: Info = { base, key throws(EffectError) in try await base.info(key) }
    var get: Get = { base, key, range, condition throws(EffectError) in
        try await base.get(key, range: range, if: condition)
    }
    var put: Put = { base, body, key, metadata, precondition throws(EffectError) in
        try await base.put(body, to: key, metadata: metadata, if: precondition)
    }
    var remove: Remove = { base, key, revision throws(EffectError) in try await base.remove(key, matching: revision) }
    var copy: Copy = { base, source, revision, key, precondition throws(EffectError) in
        try await base.copy(source, matching: revision, to: key, if: precondition)
    }
    var list: List = { base, prefix, token, limit throws(EffectError) in
        try await base.list(prefix: prefix, after: token, limit: limit)
    }
    var part: Part = { base, number, upload, body throws(EffectError) in
        try await base.uploadPart(number, of: upload, body)
    }
    var complete: Complete = { base, upload, parts, precondition throws(EffectError) in
        try await base.completeUpload(upload, parts: parts, if: precondition)
    }
    var presign: Presign = { base, access, key, duration throws(EffectError) in
        try await base.presignedURL(access, to: key, expiresIn: duration)
    }

    init(_ base: Base) {
        self.base = base
    }

    func info(_ key: ObjectKey) async throws(EffectError) -> ObjectInfo? { try await info(base, key) }

    func get(
        _ key: ObjectKey,
        range: ObjectRange?,
        if condition: ObjectReadCondition
    ) async throws(EffectError) -> ObjectContent? {
        try await get(base, key, range, condition)
    }

    func put(
        _ body: ByteStream,
        to key: ObjectKey,
        metadata: ObjectMetadata,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try await put(base, body, key, metadata, precondition)
    }

    func remove(_ key: ObjectKey, matching revision: CloudRevision?) async throws(EffectError) {
        try await remove(base, key, revision)
    }

    func copy(
        _ source: ObjectKey,
        matching revision: CloudRevision?,
        to key: ObjectKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try await copy(base, source, revision, key, precondition)
    }

    func list(prefix: String, after token: PageToken?, limit: Int) async throws(EffectError) -> ObjectPage {
        try await list(base, prefix, token, limit)
    }

    func beginUpload(to key: ObjectKey, metadata: ObjectMetadata) async throws(EffectError) -> ObjectUpload {
        try await base.beginUpload(to: key, metadata: metadata)
    }

    func uploadPart(
        _ number: Int,
        of upload: ObjectUpload,
        _ body: ByteStream
    ) async throws(EffectError) -> UploadedPart {
        try await part(base, number, upload, body)
    }

    func completeUpload(
        _ upload: ObjectUpload,
        parts: [UploadedPart],
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try await complete(base, upload, parts, precondition)
    }

    func abortUpload(_ upload: ObjectUpload) async throws(EffectError) { try await base.abortUpload(upload) }

    func presignedURL(
        _ access: PresignedURL.Access,
        to key: ObjectKey,
        expiresIn duration: Duration
    ) async throws(EffectError) -> PresignedURL {
        try await presign(base, access, key, duration)
    }
}

/// Makes buckets that are all broken in the same way.
final class BrokenObjectHarness: PresigningHarness, TimePassingHarness {
    private let declared: Capabilities?
    private let change: @Sendable (inout BrokenObjects) -> Void
    private let time = ManualTimeHandler()

    init(declaring declared: Capabilities? = nil, _ change: @escaping @Sendable (inout BrokenObjects) -> Void) {
        self.declared = declared
        self.change = change
    }

    var capabilities: Capabilities { declared ?? MemoryObjectStorageHandler.capabilities }

    func make() async throws -> any ObjectStorageEffects {
        var bucket = BrokenObjects(MemoryObjectStorageHandler(time: time, random: SystemRandomHandler()))
        bucket.capabilities = capabilities
        change(&bucket)
        return bucket
    }

    var now: WallTime { time.now }

    func letTimePass(_ duration: Duration) async throws {
        time.advance(by: duration)
    }

    func fetch(_ address: PresignedURL, from bucket: any ObjectStorageEffects) async throws -> [UInt8]? {
        try await MemoryAddresses(base(of: bucket)).fetch(address)
    }

    func store(_ bytes: [UInt8], at address: PresignedURL, of bucket: any ObjectStorageEffects) async throws -> Bool {
        try await MemoryAddresses(base(of: bucket)).store(bytes, at: address)
    }

    func finish() async {}

    private func base(of bucket: any ObjectStorageEffects) throws -> MemoryObjectStorageHandler {
        try #require(bucket as? BrokenObjects).base
    }
}

typealias ObjectDefect = Defect<any ObjectStorageEffects>

extension ObjectDefect {
    init(
        _ description: String,
        breaks law: String,
        declaring declared: Capabilities? = nil,
        _ change: @escaping @Sendable (inout BrokenObjects) -> Void
    ) {
        self.init(description: description, law: law) { BrokenObjectHarness(declaring: declared, change) }
    }

    static var all: [ObjectDefect] {
        bodies + keys + preconditions + reading + listing + uploads + cancellation + presigning
    }
}
