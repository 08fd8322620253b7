internal import AuraEffects

/// The values that storages are measured with: keys of one length in no order, and the same bytes under each.
///
/// Every side gets the same keys and bytes.
struct StorageWorkload: Sendable {
    static let keySize = 18

    let keys: [StorageKey]
    /// The keys' bytes, ``keySize`` a key.
    let keyBytes: [UInt8]
    let value: [UInt8]

    /// - Parameters:
    ///   - count: How many keys.
    ///   - valueSize: How many bytes each value has.
    init(count: Int, valueSize: Int) {
        var random = SplitMix(state: 2)
        // A key in 16 hexadecimal digits of a random number, behind a short prefix: they fall everywhere.
        keys = (0..<count)
            .map { _ in
                let digits = String(random.next(), radix: 16)
                return StorageKey("v/" + String(repeating: "0", count: 16 - digits.count) + digits)
            }
        keyBytes = keys.flatMap { Array($0.text.utf8) }
        value = (0..<valueSize).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    }

    var count: Int { keys.count }

    // MARK: The work on our side

    /// Writes the value under every key; the tasks share the keys.
    func write(to storage: any StorageEffects, tasks: Int) async throws {
        try await forEachKey(tasks: tasks) { key throws(EffectError) in
            try await storage.write(value, to: key)
        }
    }

    /// Reads the value of every key; the tasks share the keys.
    func read(from storage: any StorageEffects, tasks: Int) async throws {
        try await forEachKey(tasks: tasks) { key throws(EffectError) in
            let found = try await storage.read(key)?.bytes.count
            precondition(found == value.count, "A value of \(found ?? 0) bytes was read where \(value.count) were written.")
        }
    }

    /// Lists every key, page by page, and counts them.
    func list(_ storage: any StorageEffects, pageSize: Int) async throws(EffectError) -> Int {
        var count = 0
        var after: StorageKey?
        repeat {
            let page = try await storage.list(prefix: "", after: after, limit: pageSize)
            count += page.items.count
            after = page.next
        } while after != nil
        return count
    }

    /// Fills a storage in transactions of as many changes as it takes, where it takes any.
    func fill(_ storage: any StorageEffects) async throws {
        guard storage.capabilities.contains(.transactions) else { return try await write(to: storage, tasks: 64) }
        let size = min(1000, storage.capabilities.limit(.transactionMutations))
        for first in stride(from: 0, to: count, by: size) {
            let part = keys[first..<min(count, first + size)]
            try await storage.transact(part.map { .write(value, to: $0) })
        }
    }

    private func forEachKey(
        tasks: Int,
        _ body: @escaping @Sendable (StorageKey) async throws(EffectError) -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    for index in stride(from: task, to: count, by: tasks) { try await body(keys[index]) }
                }
            }
            try await group.waitForAll()
        }
    }
}
