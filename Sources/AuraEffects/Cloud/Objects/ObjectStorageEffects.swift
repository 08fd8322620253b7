// @Effect("objects")
/// Objects by key in a bucket: bodies of any size that are streamed both ways.
///
/// An object is replaced as a whole and at once: who reads sees one version of it, never parts of two. A write that has
/// succeeded is seen by every read and listing that begins afterwards.
///
/// Every method throws ``EffectError``: `invalidArgument` for a key, body or metadata beyond the declared limits (an empty
/// key is one, and without ``Capability/arbitraryKeys`` a key with a control character, `.` and `..` are),
/// `preconditionFailed` where the stated condition does not hold, `throttled`, `unavailable` or `resourceExhausted` where
/// the service does not answer now, `cancelled` once the task is cancelled before the operation took effect. A change whose
/// acknowledgement was lost has the outcome `unknown`.
public protocol ObjectStorageEffects: EffectHandler {
    // @Operation(.idempotent, resource: "key")
    /// What is known of an object without its body.
    ///
    /// - Parameter key: The key.
    /// - Returns: The object; `nil` where there is none.
    /// - Throws: ``EffectError``, as for every method.
    func info(_ key: ObjectKey) async throws(EffectError) -> ObjectInfo?

    // @Operation(.idempotent, resource: "key")
    /// Opens an object for reading.
    ///
    /// The body is of the version that the answer names, to its end. Where that version is replaced or removed meanwhile the
    /// body either goes on or throws `conflict`.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - range: The bytes wanted; `nil` for all. One that reaches beyond the object's end is cut there.
    ///   - condition: What must be stored there now.
    /// - Returns: The object with its body, which is fetched as it is consumed; `nil` where there is none.
    /// - Throws: `preconditionFailed` where there is an object and the condition does not hold; `invalidArgument` for a range
    ///   that begins at or beyond the object's end, where it begins beyond zero.
    func get(
        _ key: ObjectKey,
        range: ObjectRange?,
        if condition: ObjectReadCondition
    ) async throws(EffectError) -> ObjectContent?

    // @Operation(.idempotent(when: "precondition == .none && body.isRepeatable"), repeatable: "body.isRepeatable", resource: "key")
    /// Stores an object.
    ///
    /// A body that fails, or does not have the bytes that it announces, stores nothing.
    ///
    /// - Parameters:
    ///   - body: The object's bytes, which may be none; consumed as they are sent.
    ///   - key: The key.
    ///   - metadata: What is stored beside the bytes.
    ///   - precondition: What must be stored there now.
    /// - Returns: The new object's version.
    /// - Throws: `preconditionFailed` where the condition does not hold; `invalidArgument` for a body of another length than it
    ///   announces; what the body throws. Nothing has changed unless the error's outcome is `unknown`.
    @discardableResult
    func put(
        _ body: ByteStream,
        to key: ObjectKey,
        metadata: ObjectMetadata,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision

    // @Operation(.idempotent(when: "revision == nil"), resource: "key")
    /// Removes an object; a key without an object stays without one.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - revision: The version that must be stored there: the capability ``Capability/conditionalRemoval``; `nil` for
    ///     whatever is there.
    /// - Throws: `unsupported` for a revision without the capability; `preconditionFailed` where another version or none is
    ///   stored; nothing has changed then.
    func remove(_ key: ObjectKey, matching revision: CloudRevision?) async throws(EffectError)

    // @Operation(.idempotent(when: "precondition == .none"), resource: "key")
    /// Copies an object with its metadata within the service.
    ///
    /// - Parameters:
    ///   - source: The key of the object to copy.
    ///   - revision: The version that must be stored there; `nil` for whatever is there.
    ///   - key: The key of the copy; another one than `source`.
    ///   - precondition: What must be stored under the copy's key now.
    /// - Returns: The copy's version.
    /// - Throws: `notFound` where there is no object to copy; `preconditionFailed` where it has another version, or the
    ///   precondition does not hold; nothing has changed then.
    @discardableResult
    func copy(
        _ source: ObjectKey,
        matching revision: CloudRevision?,
        to key: ObjectKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision

    // @Operation(.idempotent, resource: "prefix")
    /// A page of the objects whose keys begin with a prefix.
    ///
    /// A listing that takes several pages sees every object that exists throughout, and none twice; objects that come or go
    /// meanwhile may be seen or not. The items are in the order of their keys' bytes where the handler declares
    /// ``Capability/orderedListing``.
    ///
    /// - Parameters:
    ///   - prefix: What the keys' bytes begin with; empty for all.
    ///   - token: The `next` of the page before; `nil` for the first page.
    ///   - limit: The most items wanted; at least 1. A page may have fewer, even none, and still have a `next`.
    /// - Returns: The page; its `next` is `nil` where there is no more.
    /// - Throws: `invalidArgument` for a limit below 1, or a token that is none.
    func list(prefix: String, after token: PageToken?, limit: Int) async throws(EffectError) -> ObjectPage

    // @Operation(resource: "key")
    /// Begins an object that is sent in parts, which may come in any order and side by side.
    ///
    /// Nothing is stored under the key until ``completeUpload(_:parts:if:)``. Who begins an upload ends it, by that or by
    /// ``abortUpload(_:)``; its value may be kept for it.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - metadata: What is stored beside the bytes.
    /// - Returns: The upload.
    /// - Throws: ``EffectError``, as for every method.
    func beginUpload(to key: ObjectKey, metadata: ObjectMetadata) async throws(EffectError) -> ObjectUpload

    // @Operation(.idempotent(when: "body.isRepeatable"), repeatable: "body.isRepeatable", resource: "upload")
    /// Sends a part; a number that was sent before is replaced.
    ///
    /// - Parameters:
    ///   - number: The part's place among the others, from 1 to the declared limit ``Limit/uploadParts``.
    ///   - upload: The upload.
    ///   - body: The part's bytes. All but the last one have at least ``Limit/leastPartBytes`` bytes, and none has more than
    ///     ``Limit/partBytes``.
    /// - Returns: What to name the part by when the upload is completed.
    /// - Throws: `notFound` where the upload has ended; `invalidArgument` for a number or a body out of the limits.
    func uploadPart(
        _ number: Int,
        of upload: ObjectUpload,
        _ body: ByteStream
    ) async throws(EffectError) -> UploadedPart

    // @Operation(resource: "upload")
    /// Stores the object that parts of an upload make up, and ends the upload.
    ///
    /// - Parameters:
    ///   - upload: The upload.
    ///   - parts: The parts in the order of their numbers, at least one; those that are not named are dropped.
    ///   - precondition: What must be stored under the upload's key now.
    /// - Returns: The object's version.
    /// - Throws: `notFound` where the upload has ended; `invalidArgument` for parts out of order, parts that were not sent or
    ///   were replaced since, and parts that are too small; `preconditionFailed` where the condition does not hold. Nothing has
    ///   changed then, and the upload goes on.
    func completeUpload(
        _ upload: ObjectUpload,
        parts: [UploadedPart],
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision

    // @Operation(.idempotent, resource: "upload")
    /// Ends an upload and drops its parts; one that has ended stays as it is.
    func abortUpload(_ upload: ObjectUpload) async throws(EffectError)

    // @Operation(.idempotent, resource: "key")
    /// An address that gives whoever has it access to one object, for a time: the capability ``Capability/presignedURLs``.
    ///
    /// - Parameters:
    ///   - access: What may be done with it.
    ///   - key: The object's key; there need be none yet.
    ///   - duration: How long it is good for: more than nothing, at most the declared ``Limit/presignedSeconds``.
    /// - Returns: The address.
    /// - Throws: `unsupported` without the capability; `invalidArgument` for a duration out of the limits.
    func presignedURL(
        _ access: PresignedURL.Access,
        to key: ObjectKey,
        expiresIn duration: Duration
    ) async throws(EffectError) -> PresignedURL
}

extension ObjectStorageEffects {
    /// Opens an object for reading, whatever its version.
    public func get(_ key: ObjectKey, range: ObjectRange? = nil) async throws(EffectError) -> ObjectContent? {
        try await get(key, range: range, if: .none)
    }

    /// Stores an object whatever is there now.
    @discardableResult
    public func put(
        _ body: ByteStream,
        to key: ObjectKey,
        metadata: ObjectMetadata = ObjectMetadata()
    ) async throws(EffectError) -> CloudRevision {
        try await put(body, to: key, metadata: metadata, if: .none)
    }

    /// Removes an object whatever its version.
    public func remove(_ key: ObjectKey) async throws(EffectError) {
        try await remove(key, matching: nil)
    }

    /// Every object whose key begins with a prefix, fetched page by page as they are asked for.
    ///
    /// - Parameters:
    ///   - prefix: What the keys' bytes begin with; empty for all.
    ///   - pageSize: The most items fetched at once; at least 1.
    /// - Returns: The objects.
    public func objects(prefix: String = "", pageSize: Int = 1000) -> PagedSequence<ObjectPage.Item> {
        PagedSequence { token throws(EffectError) in
            let page = try await list(prefix: prefix, after: token, limit: pageSize)
            return (page.items, page.next)
        }
    }
}
