package import AuraEffects

/// Changes of items that apply all or not at all, as they wait for a handler's writer.
package struct ItemChange: QueuedWork {
    /// For each mutation the new version; `nil` for a removal.
    package typealias Answer = [CloudRevision?]

    private static let bytesPerRow = 64

    package let mutations: [ItemMutation]
    package let operation: String
    package let byteCount: Int

    /// Creates a change.
    ///
    /// - Parameters:
    ///   - mutations: The mutations.
    ///   - operation: The operation's name, for errors.
    package init(_ mutations: [ItemMutation], operation: String) {
        self.mutations = mutations
        self.operation = operation
        byteCount = mutations.reduce(0) { count, mutation in
            guard case .put(let item) = mutation.change else { return count + Self.bytesPerRow }
            return count + item.byteCount + Self.bytesPerRow
        }
    }
}
