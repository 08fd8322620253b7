// Generated from ObjectStorageEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``ObjectStorageEffects``.
public enum ObjectStorageEffectsOperations {
    /// `objects.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "objects",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `objects.info`.
    public static let info = EffectOperation(
        effect: "objects",
        name: "info",
        index: 1,
        idempotency: .always,
        resource: "key"
    )
    /// `objects.get`.
    public static let get = EffectOperation(
        effect: "objects",
        name: "get",
        index: 2,
        idempotency: .always,
        resource: "key"
    )
    /// `objects.put`.
    public static let put = EffectOperation(
        effect: "objects",
        name: "put",
        index: 3,
        idempotency: .dependsOnArguments,
        resource: "key"
    )
    /// `objects.remove`.
    public static let remove = EffectOperation(
        effect: "objects",
        name: "remove",
        index: 4,
        idempotency: .dependsOnArguments,
        resource: "key"
    )
    /// `objects.copy`.
    public static let copy = EffectOperation(
        effect: "objects",
        name: "copy",
        index: 5,
        idempotency: .dependsOnArguments,
        resource: "key"
    )
    /// `objects.list`.
    public static let list = EffectOperation(
        effect: "objects",
        name: "list",
        index: 6,
        idempotency: .always,
        resource: "prefix"
    )
    /// `objects.beginUpload`.
    public static let beginUpload = EffectOperation(effect: "objects", name: "beginUpload", index: 7, resource: "key")
    /// `objects.uploadPart`.
    public static let uploadPart = EffectOperation(
        effect: "objects",
        name: "uploadPart",
        index: 8,
        idempotency: .dependsOnArguments,
        resource: "upload"
    )
    /// `objects.completeUpload`.
    public static let completeUpload = EffectOperation(
        effect: "objects",
        name: "completeUpload",
        index: 9,
        resource: "upload"
    )
    /// `objects.abortUpload`.
    public static let abortUpload = EffectOperation(
        effect: "objects",
        name: "abortUpload",
        index: 10,
        idempotency: .always,
        resource: "upload"
    )
    /// `objects.presignedURL`.
    public static let presignedURL = EffectOperation(
        effect: "objects",
        name: "presignedURL",
        index: 11,
        idempotency: .always,
        resource: "key"
    )
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [
        capabilities,
        info,
        get,
        put,
        remove,
        copy,
        list,
        beginUpload,
        uploadPart,
        completeUpload,
        abortUpload,
        presignedURL,
    ]
}

/// A ``ObjectStorageEffects`` handler with interceptors around every operation.
public struct InterceptedObjectStorageEffects: ObjectStorageEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any ObjectStorageEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any ObjectStorageEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `objects.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(ObjectStorageEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `objects.info`.
    @inline(__always)
    public func info(_ key: ObjectKey) async throws(EffectError) -> ObjectInfo? {
        let call = interceptors.call(
            ObjectStorageEffectsOperations.info,
            resource: key.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("key", key)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.info(key))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.info(key)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `objects.get`.
    @inline(__always)
    public func get(
        _ key: ObjectKey,
        range: ObjectRange?,
        if condition: ObjectReadCondition
    ) async throws(EffectError) -> ObjectContent? {
        let call = interceptors.call(
            ObjectStorageEffectsOperations.get,
            resource: key.effectResource,
            isIdempotent: true,
            arguments: [
                EffectArgument("key", key),
                EffectArgument("range", range),
                EffectArgument("condition", condition),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.get(key, range: range, if: condition))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.get(key, range: range, if: condition)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `objects.put`.
    @inline(__always)
    @discardableResult
    public func put(
        _ body: ByteStream,
        to key: ObjectKey,
        metadata: ObjectMetadata,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        let call = interceptors.call(
            ObjectStorageEffectsOperations.put,
            resource: key.effectResource,
            isIdempotent: precondition == .none && body.isRepeatable,
            isRepeatable: body.isRepeatable,
            arguments: [
                EffectArgument("body", body),
                EffectArgument("key", key),
                EffectArgument("metadata", metadata),
                EffectArgument("precondition", precondition),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.put(body, to: key, metadata: metadata, if: precondition))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.put(body, to: key, metadata: metadata, if: precondition)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `objects.remove`.
    @inline(__always)
    public func remove(_ key: ObjectKey, matching revision: CloudRevision?) async throws(EffectError) {
        let call = interceptors.call(
            ObjectStorageEffectsOperations.remove,
            resource: key.effectResource,
            isIdempotent: revision == nil,
            arguments: [EffectArgument("key", key), EffectArgument("revision", revision)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.remove(key, matching: revision))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.remove(key, matching: revision)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `objects.copy`.
    @inline(__always)
    @discardableResult
    public func copy(
        _ source: ObjectKey,
        matching revision: CloudRevision?,
        to key: ObjectKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        let call = interceptors.call(
            ObjectStorageEffectsOperations.copy,
            resource: key.effectResource,
            isIdempotent: precondition == .none,
            arguments: [
                EffectArgument("source", source),
                EffectArgument("revision", revision),
                EffectArgument("key", key),
                EffectArgument("precondition", precondition),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.copy(source, matching: revision, to: key, if: precondition))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.copy(source, matching: revision, to: key, if: precondition)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `objects.list`.
    @inline(__always)
    public func list(prefix: String, after token: PageToken?, limit: Int) async throws(EffectError) -> ObjectPage {
        let call = interceptors.call(
            ObjectStorageEffectsOperations.list,
            resource: prefix.effectResource,
            isIdempotent: true,
            arguments: [
                EffectArgument("prefix", prefix),
                EffectArgument("token", token),
                EffectArgument("limit", limit),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.list(prefix: prefix, after: token, limit: limit))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.list(prefix: prefix, after: token, limit: limit)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `objects.beginUpload`.
    @inline(__always)
    public func beginUpload(to key: ObjectKey, metadata: ObjectMetadata) async throws(EffectError) -> ObjectUpload {
        let call = interceptors.call(
            ObjectStorageEffectsOperations.beginUpload,
            resource: key.effectResource,
            arguments: [EffectArgument("key", key), EffectArgument("metadata", metadata)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.beginUpload(to: key, metadata: metadata))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.beginUpload(to: key, metadata: metadata)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `objects.uploadPart`.
    @inline(__always)
    public func uploadPart(
        _ number: Int,
        of upload: ObjectUpload,
        _ body: ByteStream
    ) async throws(EffectError) -> UploadedPart {
        let call = interceptors.call(
            ObjectStorageEffectsOperations.uploadPart,
            resource: upload.effectResource,
            isIdempotent: body.isRepeatable,
            isRepeatable: body.isRepeatable,
            arguments: [
                EffectArgument("number", number),
                EffectArgument("upload", upload),
                EffectArgument("body", body),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.uploadPart(number, of: upload, body))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.uploadPart(number, of: upload, body)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `objects.completeUpload`.
    @inline(__always)
    public func completeUpload(
        _ upload: ObjectUpload,
        parts: [UploadedPart],
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        let call = interceptors.call(
            ObjectStorageEffectsOperations.completeUpload,
            resource: upload.effectResource,
            arguments: [
                EffectArgument("upload", upload),
                EffectArgument("parts", parts),
                EffectArgument("precondition", precondition),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.completeUpload(upload, parts: parts, if: precondition))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.completeUpload(upload, parts: parts, if: precondition)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `objects.abortUpload`.
    @inline(__always)
    public func abortUpload(_ upload: ObjectUpload) async throws(EffectError) {
        let call = interceptors.call(
            ObjectStorageEffectsOperations.abortUpload,
            resource: upload.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("upload", upload)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.abortUpload(upload))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.abortUpload(upload)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `objects.presignedURL`.
    @inline(__always)
    public func presignedURL(
        _ access: PresignedURL.Access,
        to key: ObjectKey,
        expiresIn duration: Duration
    ) async throws(EffectError) -> PresignedURL {
        let call = interceptors.call(
            ObjectStorageEffectsOperations.presignedURL,
            resource: key.effectResource,
            isIdempotent: true,
            arguments: [
                EffectArgument("access", access),
                EffectArgument("key", key),
                EffectArgument("duration", duration),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.presignedURL(access, to: key, expiresIn: duration))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.presignedURL(access, to: key, expiresIn: duration)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }
}

/// A ``ObjectStorageEffects`` handler that fails by name.
public struct UnimplementedObjectStorageEffects: ObjectStorageEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public func info(_ key: ObjectKey) async throws(EffectError) -> ObjectInfo? {
        throw .unimplemented("objects", "info")
    }

    /// Fails.
    public func get(
        _ key: ObjectKey,
        range: ObjectRange?,
        if condition: ObjectReadCondition
    ) async throws(EffectError) -> ObjectContent? {
        throw .unimplemented("objects", "get")
    }

    /// Fails.
    @discardableResult
    public func put(
        _ body: ByteStream,
        to key: ObjectKey,
        metadata: ObjectMetadata,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        throw .unimplemented("objects", "put")
    }

    /// Fails.
    public func remove(_ key: ObjectKey, matching revision: CloudRevision?) async throws(EffectError) {
        throw .unimplemented("objects", "remove")
    }

    /// Fails.
    @discardableResult
    public func copy(
        _ source: ObjectKey,
        matching revision: CloudRevision?,
        to key: ObjectKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        throw .unimplemented("objects", "copy")
    }

    /// Fails.
    public func list(prefix: String, after token: PageToken?, limit: Int) async throws(EffectError) -> ObjectPage {
        throw .unimplemented("objects", "list")
    }

    /// Fails.
    public func beginUpload(to key: ObjectKey, metadata: ObjectMetadata) async throws(EffectError) -> ObjectUpload {
        throw .unimplemented("objects", "beginUpload")
    }

    /// Fails.
    public func uploadPart(
        _ number: Int,
        of upload: ObjectUpload,
        _ body: ByteStream
    ) async throws(EffectError) -> UploadedPart {
        throw .unimplemented("objects", "uploadPart")
    }

    /// Fails.
    public func completeUpload(
        _ upload: ObjectUpload,
        parts: [UploadedPart],
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        throw .unimplemented("objects", "completeUpload")
    }

    /// Fails.
    public func abortUpload(_ upload: ObjectUpload) async throws(EffectError) {
        throw .unimplemented("objects", "abortUpload")
    }

    /// Fails.
    public func presignedURL(
        _ access: PresignedURL.Access,
        to key: ObjectKey,
        expiresIn duration: Duration
    ) async throws(EffectError) -> PresignedURL {
        throw .unimplemented("objects", "presignedURL")
    }
}
