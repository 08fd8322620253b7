package import AuraEffects

/// Mutations that apply all or not at all, as they wait for a handler's writer.
package struct StorageChange: QueuedWork {
    package typealias Answer = [Result]

    /// What became of one mutation.
    package struct Result: Sendable {
        /// The new version; `nil` for a removal.
        package var revision: StorageRevision?
        /// Whether a removal, or a mutation with a condition, found a value.
        package var existed: Bool

        package init(revision: StorageRevision?, existed: Bool) {
            self.revision = revision
            self.existed = existed
        }
    }

    private static let bytesPerRow = 64

    package let mutations: [StorageMutation]
    package let operation: String
    package let byteCount: Int

    /// Creates a change.
    ///
    /// - Parameters:
    ///   - mutations: The mutations.
    ///   - operation: The operation's name, for errors.
    package init(_ mutations: [StorageMutation], operation: String) {
        self.mutations = mutations
        self.operation = operation
        byteCount = mutations.reduce(0) { count, mutation in
            guard case .write(let bytes) = mutation.change else { return count + Self.bytesPerRow }
            return count + bytes.count + Self.bytesPerRow
        }
    }
}
