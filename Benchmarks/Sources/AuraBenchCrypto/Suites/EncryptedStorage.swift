internal import AuraEffects
internal import AuraFileSystem
internal import AuraLayered
internal import AuraOpenSSL
internal import AuraRuntime
internal import AuraSystem
internal import Measuring

/// Values of 64 KiB that are written, synced, and read again: storage on files that is encrypted, and the same without.
struct EncryptedStorage: Comparison {
    let name = "encrypted-storage"
    let unit = "values/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 0.6)

    private static let valueBytes = 64 * 1024
    private static let taskCount = 16

    let folder: String
    /// How many values are written, and then read.
    let count: Int

    func measureOurs() async throws -> Double {
        try await measure(
            """
            storage: { handler: encrypted, key: bench, over: { handler: filesystem, path: "\(path)" } }
            \(keys)
            """,
            keyed: true
        )
    }

    func measureBaseline() async throws -> Double? {
        try await measure(#"storage: { handler: filesystem, path: "\#(path)" }"#, keyed: false)
    }

    func finish() async throws {
        clean()
    }

    private var path: String { "\(folder)/encrypted-storage" }

    private func clean() {
        removeFolder(path)
        removeFolder("\(path)-keys")
    }

    /// Values written and read a second.
    private func measure(_ handlers: String, keyed: Bool) async throws -> Double {
        clean()
        if keyed { try await createKey() }
        return try await withStorage(handlers) { storage in
            let value = (0..<Self.valueBytes).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let elapsed = try await seconds {
                try await each { try await storage.write(value, to: $0) }
                try await each { key in
                    guard try await storage.read(key)?.bytes.count == value.count else {
                        throw MissingEntries(expected: count, found: 0)
                    }
                }
            }
            return Double(2 * count) / elapsed
        }
    }

    private func each(_ body: @escaping @Sendable (StorageKey) async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<Self.taskCount {
                group.addTask {
                    for number in stride(from: task, to: count, by: Self.taskCount) {
                        try await body(StorageKey("value \(number)"))
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static let registry = HandlerRegistry {
        FileSystemHandlers()
        LayeredHandlers()
        OpenSSLHandlers()
        SystemHandlers()
    }

    private static let variables = ["KEYS_SECRET": String(repeating: "5a", count: 32)]

    private var keys: String {
        """
        crypto: { handler: openssl }
        keys: { handler: stored, secret: "${secret:KEYS_SECRET}", over: { handler: filesystem, path: "\(path)-keys" } }
        """
    }

    private func profile(_ handlers: String) throws -> Profile {
        try Profile(
            yaml: """
                profile: bench
                environment: server
                \(handlers)
                time: { handler: system }
                random: { handler: system }
                """
        )
    }

    private func createKey() async throws {
        try await withAssembled(try profile(keys), Self.registry, variables: Self.variables) { effects, _ in
            _ = try await effects.keys.createKey("bench", .hmacSHA256)
        }
    }

    private func withStorage(
        _ handlers: String,
        _ body: (any StorageEffects) async throws -> Double
    ) async throws -> Double {
        try await withAssembled(try profile(handlers), Self.registry, variables: Self.variables) { effects, context in
            MemoryAllocator.tune(for: context.budget)
            return try await body(effects.storage)
        }
    }
}
