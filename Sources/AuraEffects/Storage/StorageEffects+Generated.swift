// Generated from StorageEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``StorageEffects``.
public enum StorageEffectsOperations {
    /// `storage.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "storage",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `storage.read`.
    public static let read = EffectOperation(
        effect: "storage",
        name: "read",
        index: 1,
        idempotency: .always,
        resource: "key"
    )
    /// `storage.write`.
    public static let write = EffectOperation(
        effect: "storage",
        name: "write",
        index: 2,
        idempotency: .dependsOnArguments,
        resource: "key"
    )
    /// `storage.remove`.
    public static let remove = EffectOperation(
        effect: "storage",
        name: "remove",
        index: 3,
        idempotency: .dependsOnArguments,
        resource: "key"
    )
    /// `storage.list`.
    public static let list = EffectOperation(
        effect: "storage",
        name: "list",
        index: 4,
        idempotency: .always,
        resource: "prefix"
    )
    /// `storage.transact`.
    public static let transact = EffectOperation(
        effect: "storage",
        name: "transact",
        index: 5,
        idempotency: .dependsOnArguments,
        resource: "mutations"
    )
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [capabilities, read, write, remove, list, transact]
}

/// A ``StorageEffects`` handler with interceptors around every operation.
public struct InterceptedStorageEffects: StorageEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any StorageEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any StorageEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `storage.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(StorageEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `storage.read`.
    @inline(__always)
    public func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        let call = interceptors.call(
            StorageEffectsOperations.read,
            resource: key.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("key", key)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.read(key))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.read(key)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `storage.write`.
    @inline(__always)
    public func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        let call = interceptors.call(
            StorageEffectsOperations.write,
            resource: key.effectResource,
            isIdempotent: precondition == .none,
            arguments: [
                EffectArgument("bytes", bytes),
                EffectArgument("key", key),
                EffectArgument("precondition", precondition),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.write(bytes, to: key, if: precondition))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.write(bytes, to: key, if: precondition)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `storage.remove`.
    @inline(__always)
    @discardableResult
    public func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        let call = interceptors.call(
            StorageEffectsOperations.remove,
            resource: key.effectResource,
            isIdempotent: precondition == .none,
            arguments: [EffectArgument("key", key), EffectArgument("precondition", precondition)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.remove(key, if: precondition))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.remove(key, if: precondition)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `storage.list`.
    @inline(__always)
    public func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        let call = interceptors.call(
            StorageEffectsOperations.list,
            resource: prefix.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("prefix", prefix), EffectArgument("key", key), EffectArgument("limit", limit)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.list(prefix: prefix, after: key, limit: limit))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.list(prefix: prefix, after: key, limit: limit)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `storage.transact`.
    @inline(__always)
    @discardableResult
    public func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        let call = interceptors.call(
            StorageEffectsOperations.transact,
            resource: mutations.effectResource,
            isIdempotent: mutations.allSatisfy { $0.precondition == .none },
            arguments: [EffectArgument("mutations", mutations)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.transact(mutations))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.transact(mutations)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }
}

/// A ``StorageEffects`` handler that fails by name.
public struct UnimplementedStorageEffects: StorageEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        throw .unimplemented("storage", "read")
    }

    /// Fails.
    public func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        throw .unimplemented("storage", "write")
    }

    /// Fails.
    @discardableResult
    public func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        throw .unimplemented("storage", "remove")
    }

    /// Fails.
    public func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage {
        throw .unimplemented("storage", "list")
    }

    /// Fails.
    @discardableResult
    public func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        throw .unimplemented("storage", "transact")
    }
}
