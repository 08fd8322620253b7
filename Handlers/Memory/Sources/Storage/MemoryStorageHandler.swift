public import AuraEffects
internal import AuraRuntime
internal import Synchronization

/// Storage in memory: the model that other storage handlers are compared with.
///
/// An operation holds one lock; nothing survives the process.
public final class MemoryStorageHandler: StorageEffects {
    /// The name in profiles.
    public static let technology = "memory"

    /// What every memory storage declares.
    public static let capabilities = Capabilities(
        [.transactions],
        limits: [
            .keyBytes: 1024,
            .valueBytes: ByteCount.mebibytes(64).bytes,
            .transactionMutations: 1000,
            .pageElements: 1000,
        ]
    )

    private let validation = StorageValidation(handler: technology, capabilities: capabilities)
    private let contents = Mutex(MemoryStorageContents())

    /// Creates an empty storage.
    public init() {}

    /// Transactions, and the limits of keys, values, transactions and pages.
    public var capabilities: Capabilities { Self.capabilities }

    /// The value under a key.
    public func read(_ key: StorageKey) async throws(EffectError) -> StoredValue? {
        try validation.errors.checkCancellation(in: "read")
        try validation.check(key, in: "read")
        return contents.withLock { $0.values[key] }
    }

    /// Stores a value under a key.
    public func write(
        _ bytes: [UInt8],
        to key: StorageKey,
        if precondition: StoragePrecondition
    ) async throws(EffectError) -> StorageRevision {
        try validation.errors.checkCancellation(in: "write")
        try validation.check(key, in: "write")
        try validation.check(bytes, for: key, in: "write")
        return try contents.withLock { contents throws(EffectError) in
            try validation.check(precondition, on: key, stored: contents.values[key]?.revision, in: "write")
            return contents.write(bytes, to: key)
        }
    }

    /// Removes the value under a key.
    public func remove(_ key: StorageKey, if precondition: StoragePrecondition) async throws(EffectError) -> Bool {
        try validation.errors.checkCancellation(in: "remove")
        try validation.check(key, in: "remove")
        return try contents.withLock { contents throws(EffectError) in
            try validation.check(precondition, on: key, stored: contents.values[key]?.revision, in: "remove")
            return contents.remove(key)
        }
    }

    /// Keys in the order of their bytes.
    public func list(
        prefix: String,
        after key: StorageKey?,
        limit: Int
    ) async throws(EffectError) -> StoragePage {
        try validation.errors.checkCancellation(in: "list")
        let size = try validation.pageSize(for: limit)
        return contents.withLock { $0.page(prefix: prefix, after: key, size: size) }
    }

    /// Applies several changes all together or not at all.
    public func transact(_ mutations: [StorageMutation]) async throws(EffectError) -> [StorageRevision?] {
        try validation.errors.checkCancellation(in: "transact")
        try validation.check(mutations)
        return try contents.withLock { contents throws(EffectError) in
            for mutation in mutations {
                let stored = contents.values[mutation.key]?.revision
                try validation.check(mutation.precondition, on: mutation.key, stored: stored, in: "transact")
            }
            return mutations.map { mutation in
                switch mutation.change {
                case .write(let bytes): return contents.write(bytes, to: mutation.key)
                case .remove:
                    contents.remove(mutation.key)
                    return nil
                }
            }
        }
    }
}
