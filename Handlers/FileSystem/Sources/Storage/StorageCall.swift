internal import AuraEffects
internal import AuraRuntime

/// A write, a removal or a transaction that waits for the writer.
struct StorageCall: QueuedWork {
    let operation: String
    let mutations: [StorageMutation]
    let byteCount: Int

    /// For each change the new version, and whether there was a value before where the call asks for it.
    typealias Answer = [(revision: StorageRevision?, existed: Bool)]

    init(_ operation: String, _ mutations: [StorageMutation]) {
        self.operation = operation
        self.mutations = mutations
        byteCount = mutations.reduce(0) { sum, mutation in
            guard case .write(let bytes) = mutation.change else { return sum + Self.bytesPerRecord }
            return sum + bytes.count + Self.bytesPerRecord
        }
    }

    private static let bytesPerRecord = 64
}
