// @Effect("keyValues")
/// Items of typed attributes in a table, each under a partition key and a sort key.
///
/// An item is replaced as a whole and at once. Its partition key says where it lies: a query and a transaction touch one
/// partition. An item whose time has come is gone for every operation, whenever the service removes it.
///
/// Every method throws ``EffectError``: `invalidArgument` for a key or item beyond the declared limits (an empty key is one, and
/// a number that is not finite), `preconditionFailed` where the stated condition does not hold, `throttled`, `unavailable` or
/// `resourceExhausted` where the service does not answer now, `cancelled` once the task is cancelled before the operation
/// took effect. A change whose acknowledgement was lost has the outcome `unknown`.
public protocol KeyValueEffects: EffectHandler {
    // @Operation(.idempotent, resource: "key")
    /// The item under a key.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - consistency: Whether every change that has ended has to be seen: ``Capability/strongReads``.
    /// - Returns: The item; `nil` where there is none.
    /// - Throws: `unsupported` for a strong read without the capability.
    func get(_ key: ItemKey, consistency: ReadConsistency) async throws(EffectError) -> StoredItem?

    // @Operation(.idempotent(when: "precondition == .none"), resource: "key")
    /// Stores an item in the place of what is there.
    ///
    /// - Parameters:
    ///   - item: The item.
    ///   - key: The key.
    ///   - precondition: What must be stored there now; it is judged on the last change, also where reads lag behind.
    /// - Returns: The item's version, which never comes back.
    /// - Throws: `preconditionFailed` where the condition does not hold. Nothing has changed unless the error's outcome is
    ///   `unknown`.
    @discardableResult
    func put(
        _ item: Item,
        to key: ItemKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision

    // @Operation(.idempotent(when: "precondition == .none"), resource: "key")
    /// Removes an item; a key without an item stays without one.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - precondition: What must be stored there now.
    /// - Throws: `preconditionFailed` where the condition does not hold; nothing has changed then.
    func remove(_ key: ItemKey, if precondition: CloudPrecondition) async throws(EffectError)

    // @Operation(.idempotent, resource: "query")
    /// A page of a partition's items in the order of their sort keys' bytes.
    ///
    /// A query that takes several pages sees every item that exists throughout, and none twice; items that come or go
    /// meanwhile may be seen or not.
    ///
    /// - Parameters:
    ///   - query: Which items.
    ///   - token: The `next` of the page before; `nil` for the first page.
    ///   - limit: The most items wanted; at least 1. A page may have fewer, even none, and still have a `next`.
    ///   - consistency: Whether every change that has ended has to be seen: ``Capability/strongReads``.
    /// - Returns: The page; its `next` is `nil` where there is no more.
    /// - Throws: `invalidArgument` for a limit below 1; `unsupported` for a strong read without the capability.
    func query(
        _ query: ItemQuery,
        after token: PageToken?,
        limit: Int,
        consistency: ReadConsistency
    ) async throws(EffectError) -> ItemPage

    // @Operation(.idempotent(when: "mutations.allSatisfy { $0.precondition == .none }"), resource: "mutations")
    /// Applies several changes within one partition all together or not at all: the capability ``Capability/transactions``.
    ///
    /// - Parameter mutations: The changes; each key at most once.
    /// - Returns: For each change the new version, or `nil` for a removal.
    /// - Throws: `unsupported` without the capability; `preconditionFailed` where one of the conditions does not hold;
    ///   `invalidArgument` for several partitions, a key that occurs twice, or more than the declared
    ///   ``Limit/transactionMutations`` and ``Limit/transactionBytes``.
    @discardableResult
    func transact(_ mutations: [ItemMutation]) async throws(EffectError) -> [CloudRevision?]
}

extension KeyValueEffects {
    /// The item under a key after every change that has ended: needs ``Capability/strongReads``.
    public func get(_ key: ItemKey) async throws(EffectError) -> StoredItem? {
        try await get(key, consistency: .strong)
    }

    /// Stores an item whatever is there now.
    @discardableResult
    public func put(_ item: Item, to key: ItemKey) async throws(EffectError) -> CloudRevision {
        try await put(item, to: key, if: .none)
    }

    /// Removes an item whatever it is.
    public func remove(_ key: ItemKey) async throws(EffectError) {
        try await remove(key, if: .none)
    }

    /// Every item of a query, fetched page by page as they are asked for.
    ///
    /// - Parameters:
    ///   - query: Which items.
    ///   - pageSize: The most items fetched at once; at least 1.
    ///   - consistency: Whether every change that has ended has to be seen.
    /// - Returns: The items.
    public func items(
        _ query: ItemQuery,
        pageSize: Int = 100,
        consistency: ReadConsistency = .strong
    ) -> PagedSequence<StoredItem> {
        PagedSequence { token throws(EffectError) in
            let page = try await self.query(query, after: token, limit: pageSize, consistency: consistency)
            return (page.items, page.next)
        }
    }
}
