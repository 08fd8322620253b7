public import AuraEffects
internal import AuraMemory
internal import AuraRuntime

/// A bucket of a ``SimulatedCloud`` as one node sees it.
public final class SimulatedObjectStorageHandler: ObjectStorageEffects {
    private let gate: CloudGate
    private let bucket: MemoryObjectStorageHandler

    init(_ name: String, for caller: String, in cloud: SimulatedCloud) {
        gate = CloudGate(ObjectsEffect.self, name, for: caller, in: cloud)
        bucket = cloud.bucket(name)
    }

    /// What every bucket of a simulated cloud declares.
    public static var capabilities: Capabilities { MemoryObjectStorageHandler.capabilities }

    /// Every capability of the family, and the limits of a memory bucket.
    public var capabilities: Capabilities { Self.capabilities }

    /// What is known of an object without its body.
    public func info(_ key: ObjectKey) async throws(EffectError) -> ObjectInfo? {
        try await gate.call("info", .read) { () throws(EffectError) in try await bucket.info(key) }
    }

    /// Opens an object for reading; its body may break off.
    public func get(
        _ key: ObjectKey,
        range: ObjectRange?,
        if condition: ObjectReadCondition
    ) async throws(EffectError) -> ObjectContent? {
        let content = try await gate.call("get", .read) { () throws(EffectError) in
            try await bucket.get(key, range: range, if: condition)
        }
        guard var content, !content.range.isEmpty else { return content }
        let count = content.range.count
        let end = gate.draw { conditions, generator, counters -> Int? in
            guard generator.happens(conditions.brokenBodies) else { return nil }
            counters.brokenBodies += 1
            return Int.random(in: 0..<count, using: &generator)
        }
        if let end { content.body = try await broken(content.body, at: end) }
        return content
    }

    /// A body that delivers a part of its bytes and then fails.
    private func broken(_ body: ByteStream, at end: Int) async throws(EffectError) -> ByteStream {
        let bytes = try await body.bytes(atMost: .max)
        let error = gate.errors.error(.unavailable, in: "get", "The body broke off: read on from where it ended.")
        return ByteStream(byteCount: bytes.count) { [errors = gate.errors] offset throws(EffectError) in
            try errors.checkCancellation(in: "get")
            guard offset < end else { throw error }
            return Array(bytes[offset..<min(end, offset + 65_536)])
        }
    }

    /// Stores an object.
    @discardableResult
    public func put(
        _ body: ByteStream,
        to key: ObjectKey,
        metadata: ObjectMetadata,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try await gate.call("put", .change) { () throws(EffectError) in
            try await bucket.put(body, to: key, metadata: metadata, if: precondition)
        }
    }

    /// Removes an object; a key without an object stays without one.
    public func remove(_ key: ObjectKey, matching revision: CloudRevision?) async throws(EffectError) {
        try await gate.call("remove", .change) { () throws(EffectError) in
            try await bucket.remove(key, matching: revision)
        }
    }

    /// Copies an object with its metadata.
    @discardableResult
    public func copy(
        _ source: ObjectKey,
        matching revision: CloudRevision?,
        to key: ObjectKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try await gate.call("copy", .change) { () throws(EffectError) in
            try await bucket.copy(source, matching: revision, to: key, if: precondition)
        }
    }

    /// A page of the objects whose keys begin with a prefix.
    public func list(
        prefix: String,
        after token: PageToken?,
        limit: Int
    ) async throws(EffectError) -> ObjectPage {
        try await gate.call("list", .read) { () throws(EffectError) in
            try await bucket.list(prefix: prefix, after: token, limit: limit)
        }
    }

    /// Begins an object that is sent in parts.
    public func beginUpload(to key: ObjectKey, metadata: ObjectMetadata) async throws(EffectError) -> ObjectUpload {
        try await gate.call("beginUpload", .change) { () throws(EffectError) in
            try await bucket.beginUpload(to: key, metadata: metadata)
        }
    }

    /// Sends a part; a number that was sent before is replaced.
    public func uploadPart(
        _ number: Int,
        of upload: ObjectUpload,
        _ body: ByteStream
    ) async throws(EffectError) -> UploadedPart {
        try await gate.call("uploadPart", .change) { () throws(EffectError) in
            try await bucket.uploadPart(number, of: upload, body)
        }
    }

    /// Stores the object that parts of an upload make up, and ends the upload.
    public func completeUpload(
        _ upload: ObjectUpload,
        parts: [UploadedPart],
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try await gate.call("completeUpload", .change) { () throws(EffectError) in
            try await bucket.completeUpload(upload, parts: parts, if: precondition)
        }
    }

    /// Ends an upload and drops its parts; one that has ended stays as it is.
    public func abortUpload(_ upload: ObjectUpload) async throws(EffectError) {
        try await gate.call("abortUpload", .change) { () throws(EffectError) in try await bucket.abortUpload(upload) }
    }

    /// An address that ``fetch(_:)`` and ``store(_:at:)`` understand.
    public func presignedURL(
        _ access: PresignedURL.Access,
        to key: ObjectKey,
        expiresIn duration: Duration
    ) async throws(EffectError) -> PresignedURL {
        // It is made where the caller is, without asking the service.
        try await bucket.presignedURL(access, to: key, expiresIn: duration)
    }

    /// Fetches an object by a presigned address, as whoever has it would.
    ///
    /// - Parameter url: The address.
    /// - Returns: The object; `nil` where there is none.
    /// - Throws: `permissionDenied` for an address that is none, is for storing, or has expired.
    public func fetch(_ url: Secret<String>) async throws(EffectError) -> ObjectContent? {
        try await bucket.fetch(url)
    }

    /// Stores an object at a presigned address, as whoever has it would.
    ///
    /// - Parameters:
    ///   - body: The object's bytes.
    ///   - url: The address.
    /// - Returns: The object's version.
    /// - Throws: `permissionDenied` for an address that is none, is for fetching, or has expired.
    @discardableResult
    public func store(_ body: ByteStream, at url: Secret<String>) async throws(EffectError) -> CloudRevision {
        try await bucket.store(body, at: url)
    }
}
