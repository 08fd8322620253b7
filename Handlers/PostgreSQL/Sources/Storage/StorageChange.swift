#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// Mutations that apply all or not at all, as they wait for the writer.
struct StorageChange: QueuedWork {
    typealias Answer = [Result]

    /// What became of one mutation.
    struct Result: Sendable {
        /// The new version; `nil` for a removal.
        var revision: StorageRevision?
        /// Whether a removal, or a mutation with a condition, found a value.
        var existed: Bool
    }

    private static let bytesPerRow = 64

    let mutations: [StorageMutation]
    /// The operation's name, for errors.
    let operation: String
    let byteCount: Int

    init(_ mutations: [StorageMutation], operation: String) {
        self.mutations = mutations
        self.operation = operation
        byteCount = mutations.reduce(0) { count, mutation in
            guard case .write(let bytes) = mutation.change else { return count + Self.bytesPerRow }
            return count + bytes.count + Self.bytesPerRow
        }
    }
}
#endif
