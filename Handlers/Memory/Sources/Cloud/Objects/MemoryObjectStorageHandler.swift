public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// A bucket in memory: the model that other handlers of objects are compared with.
///
/// A body is taken in chunk by chunk, and the object appears at once when it is complete; nothing survives the process.
public final class MemoryObjectStorageHandler: ObjectStorageEffects {
    /// The name in profiles.
    public static let technology = "memory"

    /// What every memory bucket declares.
    public static let capabilities = Capabilities(
        [.uniqueRevisions, .conditionalRemoval, .arbitraryKeys, .orderedListing, .presignedURLs],
        limits: [
            .keyBytes: 1024,
            .objectBytes: ByteCount.mebibytes(64).bytes,
            .metadataBytes: 2048,
            .pageElements: 1000,
            .uploadParts: 10_000,
            .partBytes: ByteCount.mebibytes(64).bytes,
            .presignedSeconds: 604_800,
        ]
    )

    let time: any TimeEffects
    let random: any RandomEffects
    let validation = ObjectValidation(handler: technology, capabilities: capabilities)
    let contents = Mutex(MemoryObjects())

    /// Creates an empty bucket.
    ///
    /// - Parameters:
    ///   - time: The clock that objects are dated by and presigned addresses expire by.
    ///   - random: What presigned addresses are made of.
    public init(time: any TimeEffects, random: any RandomEffects) {
        self.time = time
        self.random = random
    }

    /// Every capability of the family, and the limits of keys, objects, attributes, pages, uploads and addresses.
    public var capabilities: Capabilities { Self.capabilities }

    var errors: HandlerErrors { validation.errors }

    /// What is known of an object without its body.
    public func info(_ key: ObjectKey) async throws(EffectError) -> ObjectInfo? {
        try errors.checkCancellation(in: "info")
        try validation.check(key, in: "info")
        return contents.withLock { $0.objects[key]?.info }
    }

    /// Opens an object for reading; its body goes on whatever becomes of the object.
    public func get(
        _ key: ObjectKey,
        range: ObjectRange?,
        if condition: ObjectReadCondition
    ) async throws(EffectError) -> ObjectContent? {
        try errors.checkCancellation(in: "get")
        try validation.check(key, in: "get")
        guard let object = contents.withLock({ $0.objects[key] }) else { return nil }
        guard condition.holds(for: object.info.revision) else {
            let message = "The object \(HandlerErrors.quote(key.text)) has another revision than the caller asks for."
            throw errors.error(.preconditionFailed, in: "get", message)
        }
        let wanted = try validation.bytes(of: range, in: object.bytes.count)
        let body = ByteStream(byteCount: wanted.count) { [errors] offset throws(EffectError) in
            try errors.checkCancellation(in: "get")
            let chunk = object.bytes[wanted].dropFirst(offset).prefix(Self.chunkSize)
            return chunk.isEmpty ? nil : Array(chunk)
        }
        return ObjectContent(info: object.info, range: wanted, body: body)
    }

    /// Stores an object.
    @discardableResult
    public func put(
        _ body: ByteStream,
        to key: ObjectKey,
        metadata: ObjectMetadata,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try errors.checkCancellation(in: "put")
        try validation.check(key, in: "put")
        try validation.check(metadata, in: "put")
        let bytes = try await validation.collect(body, atMost: .objectBytes, in: "put")
        // A body may suspend for long: what was cancelled meanwhile is not stored.
        try errors.checkCancellation(in: "put")
        return try store(bytes, under: key, metadata, if: precondition, in: "put")
    }

    /// Removes an object; a key without an object stays without one.
    public func remove(_ key: ObjectKey, matching revision: CloudRevision?) async throws(EffectError) {
        try errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        try contents.withLock { contents throws(EffectError) in
            let stored = contents.objects[key]?.info.revision
            let precondition = revision.map { CloudPrecondition.matches($0) } ?? .none
            try errors.check(precondition, on: key.text, stored: stored, in: "remove")
            contents.remove(key)
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
        try errors.checkCancellation(in: "copy")
        try validation.check(source, in: "copy")
        try validation.check(key, in: "copy")
        guard source != key else {
            let message = "The object would be copied onto itself: name another key."
            throw errors.error(.invalidArgument, in: "copy", message)
        }
        let now = time.now
        return try contents.withLock { contents throws(EffectError) in
            guard let object = contents.objects[source] else {
                let message = "There is no object \(HandlerErrors.quote(source.text)) to copy."
                throw errors.error(.notFound, in: "copy", message)
            }
            let expected = revision.map { CloudPrecondition.matches($0) } ?? .none
            try errors.check(expected, on: source.text, stored: object.info.revision, in: "copy")
            let stored = contents.objects[key]?.info.revision
            try errors.check(precondition, on: key.text, stored: stored, in: "copy")
            return contents.store(object.bytes, under: key, object.info.metadata, at: now)
        }
    }

    /// A page of the objects whose keys begin with a prefix.
    public func list(
        prefix: String,
        after token: PageToken?,
        limit: Int
    ) async throws(EffectError) -> ObjectPage {
        try errors.checkCancellation(in: "list")
        let size = try validation.pageSize(for: limit)
        return contents.withLock {
            $0.page(prefix: prefix, after: token.map { ObjectKey($0.rawValue) }, size: size)
        }
    }

    /// Stores an object that is complete.
    func store(
        _ bytes: [UInt8],
        under key: ObjectKey,
        _ metadata: ObjectMetadata,
        if precondition: CloudPrecondition,
        in operation: String
    ) throws(EffectError) -> CloudRevision {
        let now = time.now
        return try contents.withLock { contents throws(EffectError) in
            let stored = contents.objects[key]?.info.revision
            try errors.check(precondition, on: key.text, stored: stored, in: operation)
            return contents.store(bytes, under: key, metadata, at: now)
        }
    }

    static let chunkSize = 65_536
}
