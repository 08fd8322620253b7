public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// A table in memory: the model that other handlers of key-values are compared with.
///
/// An operation holds one lock; nothing survives the process.
public final class MemoryKeyValueHandler: KeyValueEffects {
    /// The name in profiles.
    public static let technology = "memory"

    /// What every memory table declares.
    public static let capabilities = Capabilities(
        [.strongReads, .transactions],
        limits: [
            .partitionKeyBytes: 1024,
            .sortKeyBytes: 1024,
            .itemBytes: ByteCount.kibibytes(400).bytes,
            .valueDepth: 16,
            .transactionMutations: 100,
            .transactionBytes: ByteCount.mebibytes(4).bytes,
            .pageElements: 1000,
        ]
    )

    private let time: any TimeEffects
    private let validation = ItemValidation(handler: technology, capabilities: capabilities)
    private let contents = Mutex(MemoryItems())

    /// Creates an empty table.
    ///
    /// - Parameter time: The clock that items expire by.
    public init(time: any TimeEffects) {
        self.time = time
    }

    /// Strong reads, transactions, and the limits of keys, items, transactions and pages.
    public var capabilities: Capabilities { Self.capabilities }

    private var errors: HandlerErrors { validation.errors }

    /// The item under a key.
    public func get(_ key: ItemKey, consistency: ReadConsistency) async throws(EffectError) -> StoredItem? {
        try errors.checkCancellation(in: "get")
        try validation.check(key, in: "get")
        try validation.check(consistency, in: "get")
        let now = time.now
        return contents.withLock { $0.item(key, at: now) }
    }

    /// Stores an item in the place of what is there.
    @discardableResult
    public func put(
        _ item: Item,
        to key: ItemKey,
        if precondition: CloudPrecondition
    ) async throws(EffectError) -> CloudRevision {
        try errors.checkCancellation(in: "put")
        try validation.check(key, in: "put")
        try validation.check(item, in: "put")
        let now = time.now
        return try contents.withLock { contents throws(EffectError) in
            try check(precondition, on: key, in: contents, at: now, "put")
            return contents.put(item, to: key)
        }
    }

    /// Removes an item; a key without an item stays without one.
    public func remove(_ key: ItemKey, if precondition: CloudPrecondition) async throws(EffectError) {
        try errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        let now = time.now
        try contents.withLock { contents throws(EffectError) in
            try check(precondition, on: key, in: contents, at: now, "remove")
            contents.remove(key)
        }
    }

    /// A page of a partition's items in the order of their sort keys' bytes.
    public func query(
        _ query: ItemQuery,
        after token: PageToken?,
        limit: Int,
        consistency: ReadConsistency
    ) async throws(EffectError) -> ItemPage {
        try errors.checkCancellation(in: "query")
        let size = try validation.pageSize(of: query, limit: limit, consistency)
        let now = time.now
        return contents.withLock { $0.page(query, after: token?.rawValue, size: size, at: now) }
    }

    /// Applies several changes within one partition all together or not at all.
    @discardableResult
    public func transact(_ mutations: [ItemMutation]) async throws(EffectError) -> [CloudRevision?] {
        try errors.checkCancellation(in: "transact")
        try validation.check(mutations)
        let now = time.now
        return try contents.withLock { contents throws(EffectError) in
            for mutation in mutations {
                try check(mutation.precondition, on: mutation.key, in: contents, at: now, "transact")
            }
            return mutations.map { mutation in
                switch mutation.change {
                case .put(let item): return contents.put(item, to: mutation.key)
                case .remove:
                    contents.remove(mutation.key)
                    return nil
                }
            }
        }
    }

    private func check(
        _ precondition: CloudPrecondition,
        on key: ItemKey,
        in contents: MemoryItems,
        at now: WallTime,
        _ operation: String
    ) throws(EffectError) {
        let stored = contents.item(key, at: now)?.revision
        try errors.check(precondition, on: key.description, stored: stored, in: operation)
    }
}
