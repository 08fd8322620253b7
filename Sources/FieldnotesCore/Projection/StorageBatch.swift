internal import AuraEffects

/// Writes changes to storage: together where the handler has transactions, otherwise one after the other.
///
/// Everything that the projection writes may be written twice, so that a crash between two parts costs nothing: the
/// checkpoint comes last, and what lies after it is written again.
struct StorageBatch {
    private static let maximumMutations = 512

    private let storage: any StorageEffects
    private let limit: Int
    private var pending: [StorageMutation] = []

    init(_ storage: any StorageEffects) {
        self.storage = storage
        let declared = storage.capabilities.limit(.transactionMutations)
        limit = storage.capabilities.contains(.transactions) ? min(declared, Self.maximumMutations) : 1
    }

    /// Adds a change; it may be written at once or wait for others.
    mutating func add(_ mutation: StorageMutation) async throws(EffectError) {
        if pending.count == limit { _ = try await write() }
        pending.append(mutation)
    }

    /// Writes what still waits.
    ///
    /// - Returns: The version of the last change's value.
    mutating func finish() async throws(EffectError) -> StorageRevision? {
        try await write()
    }

    private mutating func write() async throws(EffectError) -> StorageRevision? {
        guard !pending.isEmpty else { return nil }
        defer { pending = [] }
        if limit > 1 { return try await storage.transact(pending).last ?? nil }
        var revision: StorageRevision?
        for mutation in pending {
            switch mutation.change {
            case .write(let bytes):
                revision = try await storage.write(bytes, to: mutation.key, if: mutation.precondition)
            case .remove:
                try await storage.remove(mutation.key, if: mutation.precondition)
                revision = nil
            }
        }
        return revision
    }
}
