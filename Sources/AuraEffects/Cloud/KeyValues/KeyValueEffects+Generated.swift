// Generated from KeyValueEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``KeyValueEffects``.
public enum KeyValueEffectsOperations {
    /// `keyValues.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "keyValues",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `keyValues.get`.
    public static let get = EffectOperation(
        effect: "keyValues",
        name: "get",
        index: 1,
        idempotency: .always,
        resource: "key"
    )
    /// `keyValues.put`.
    public static let put = EffectOperation(
        effect: "keyValues",
        name: "put",
        index: 2,
        idempotency: .dependsOnArguments,
        resource: "key"
    )
    /// `keyValues.remove`.
    public static let remove = EffectOperation(
        effect: "keyValues",
        name: "remove",
        index: 3,
        idempotency: .dependsOnArguments,
        resource: "key"
    )
    /// `keyValues.query`.
    public static let query = EffectOperation(
        effect: "keyValues",
        name: "query",
        index: 4,
        idempotency: .always,
        resource: "query"
    )
    /// `keyValues.transact`.
    public static let transact = EffectOperation(
        effect: "keyValues",
        name: "transact",
        index: 5,
        idempotency: .dependsOnArguments,
        resource: "mutations"
    )
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [capabilities, get, put, remove, query, transact]
}

/// A ``KeyValueEffects`` handler with interceptors around every operation.
public struct InterceptedKeyValueEffects: KeyValueEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any KeyValueEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any KeyValueEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `keyValues.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(KeyValueEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `keyValues.get`.
    @inline(__always)
    public func get(_ key: ItemKey, consistency: ReadConsistency) async throws(EffectError) -> StoredItem? {
        let call = interceptors.call(
            KeyValueEffectsOperations.get,
            resource: key.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("key", key), EffectArgument("consistency", consistency)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.get(key, consistency: consistency))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.get(key, consistency: consistency)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `keyValues.put`.
    @inline(__always)
    @discardableResult
    public func put(
        _ item: Item,
        to key: ItemKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        let call = interceptors.call(
            KeyValueEffectsOperations.put,
            resource: key.effectResource,
            isIdempotent: precondition == .none,
            arguments: [
                EffectArgument("item", item),
                EffectArgument("key", key),
                EffectArgument("precondition", precondition),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.put(item, to: key, if: precondition))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.put(item, to: key, if: precondition)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `keyValues.remove`.
    @inline(__always)
    public func remove(_ key: ItemKey, if precondition: CloudPrecondition) async throws(EffectError) {
        let call = interceptors.call(
            KeyValueEffectsOperations.remove,
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
            try await base.remove(key, if: precondition)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `keyValues.query`.
    @inline(__always)
    public func query(
        _ query: ItemQuery,
        after token: PageToken?,
        limit: Int,
        consistency: ReadConsistency
    ) async throws(EffectError) -> ItemPage {
        let call = interceptors.call(
            KeyValueEffectsOperations.query,
            resource: query.effectResource,
            isIdempotent: true,
            arguments: [
                EffectArgument("query", query),
                EffectArgument("token", token),
                EffectArgument("limit", limit),
                EffectArgument("consistency", consistency),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.query(query, after: token, limit: limit, consistency: consistency))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.query(query, after: token, limit: limit, consistency: consistency)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `keyValues.transact`.
    @inline(__always)
    @discardableResult
    public func transact(_ mutations: [ItemMutation]) async throws(EffectError) -> [CloudRevision?] {
        let call = interceptors.call(
            KeyValueEffectsOperations.transact,
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

/// A ``KeyValueEffects`` handler that fails by name.
public struct UnimplementedKeyValueEffects: KeyValueEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public func get(_ key: ItemKey, consistency: ReadConsistency) async throws(EffectError) -> StoredItem? {
        throw .unimplemented("keyValues", "get")
    }

    /// Fails.
    @discardableResult
    public func put(
        _ item: Item,
        to key: ItemKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        throw .unimplemented("keyValues", "put")
    }

    /// Fails.
    public func remove(_ key: ItemKey, if precondition: CloudPrecondition) async throws(EffectError) {
        throw .unimplemented("keyValues", "remove")
    }

    /// Fails.
    public func query(
        _ query: ItemQuery,
        after token: PageToken?,
        limit: Int,
        consistency: ReadConsistency
    ) async throws(EffectError) -> ItemPage {
        throw .unimplemented("keyValues", "query")
    }

    /// Fails.
    @discardableResult
    public func transact(_ mutations: [ItemMutation]) async throws(EffectError) -> [CloudRevision?] {
        throw .unimplemented("keyValues", "transact")
    }
}
