// @Effect("storage")
/// Values by key.
///
/// Every method throws ``EffectError``: `invalidArgument` for a key or value beyond the declared limits (an empty key is
/// one), `preconditionFailed` where the stated condition does not hold, `corrupted` where what is stored is
/// damaged, `unavailable` or `resourceExhausted` where the store cannot answer now, `cancelled` once the task is
/// cancelled before the operation began.
public protocol StorageEffects: EffectHandler {
    // @Operation(.idempotent, resource: "key")
    /// The value under a key.
    ///
    /// - Parameter key: The key.
    /// - Returns: The value, or `nil` where there is none.
    /// - Throws: `corrupted` for a damaged value: never wrong bytes.
    func read(_ key: StorageKey) async throws(EffectError) -> StoredValue?

    // @Operation(.idempotent(when: "precondition == .none"), resource: "key")
    /// Stores a value under a key.
    ///
    /// - Parameters:
    ///   - bytes: The value, which may be empty.
    ///   - key: The key.
    ///   - precondition: What must be stored there now.
    /// - Returns: The new value's version.
    /// - Throws: `preconditionFailed` where the condition does not hold; nothing has changed then.
    func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision

    // @Operation(.idempotent(when: "precondition == .none"), resource: "key")
    /// Removes the value under a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - precondition: What must be stored there now.
    /// - Returns: Whether there was a value.
    /// - Throws: `preconditionFailed` where the condition does not hold; nothing has changed then.
    @discardableResult
    func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool

    // @Operation(.idempotent, resource: "prefix")
    /// Keys in the order of their bytes.
    ///
    /// A listing that takes several pages sees every key that exists throughout, and none twice; keys that come or go
    /// meanwhile may be seen or not.
    ///
    /// - Parameters:
    ///   - prefix: What the keys' bytes begin with; empty for all.
    ///   - key: Only keys that come after this one.
    ///   - limit: The most items wanted; at least 1. A handler may return fewer and still have more: go by `next`.
    /// - Returns: The page; its `next` is `nil` where there is no more.
    /// - Throws: `invalidArgument` for a limit below 1.
    func list(prefix: String, after key: StorageKey?, limit: Int) async throws(EffectError) -> StoragePage

    // @Operation(.idempotent(when: "mutations.allSatisfy { $0.precondition == .none }"), resource: "mutations")
    /// Applies several changes all together or not at all: the capability ``Capability/transactions``.
    ///
    /// - Parameter mutations: The changes; each key at most once.
    /// - Returns: For each change the new version, or `nil` for a removal.
    /// - Throws: `unsupported` without the capability; `preconditionFailed` where one of the conditions does not hold;
    ///   `invalidArgument` for a key that occurs twice or more mutations than the declared limit.
    @discardableResult
    func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?]
}

extension StorageEffects {
    /// Stores a value under a key whatever is there now.
    @discardableResult
    public func write(_ bytes: [UInt8], to key: StorageKey) async throws(EffectError) -> StorageRevision {
        try await write(bytes, to: key, if: .none)
    }

    /// Removes the value under a key whatever it is.
    @discardableResult
    public func remove(_ key: StorageKey) async throws(EffectError) -> Bool {
        try await remove(key, if: .none)
    }
}
