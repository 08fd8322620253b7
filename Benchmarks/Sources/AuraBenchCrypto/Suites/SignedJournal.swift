internal import AuraEffects
internal import AuraFileSystem
internal import AuraLayered
internal import AuraOpenSSL
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import Measuring

/// Entries of 1 KiB that 16 tasks append one after another, durably: a journal on SQLite that is signed, and the same without.
struct SignedJournal: Comparison {
    let name = "signed-journal"
    let unit = "appends/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 0.8)

    private static let payload = (0..<1024).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    private static let taskCount = 16

    let folder: String
    /// How many entries are appended.
    let count: Int

    func measureOurs() async throws -> Double {
        try await measure(
            """
            journal: { handler: signed, key: bench, over: \(journal) }
            \(keys)
            """,
            keyed: true
        )
    }

    func measureBaseline() async throws -> Double? {
        try await measure("journal: \(journal)", keyed: false)
    }

    func finish() async throws {
        removeFolder(path)
    }

    private var path: String { "\(folder)/signed-journal" }

    private var journal: String { #"{ handler: sqlite, path: "\#(path)/journal.db" }"# }

    private var keys: String {
        """
        crypto: { handler: openssl }
        keys: { handler: stored, secret: "${secret:KEYS_SECRET}", over: { handler: filesystem, path: "\(path)/keys" } }
        """
    }

    /// Entries appended a second, with the signature that comes when the journal is closed.
    private func measure(_ handlers: String, keyed: Bool) async throws -> Double {
        removeFolder(path)
        try makeFolder(path)
        if keyed {
            try await withEffects(keys) { _ = try await $0.keys.createKey("bench", .ed25519) }
        }
        let elapsed = try await seconds { try await withEffects(handlers, append) }
        return Double(count) / elapsed
    }

    private func append(_ effects: EffectSystem) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<Self.taskCount {
                group.addTask {
                    let stream = StreamName("stream \(task)")
                    for _ in stride(from: task, to: count, by: Self.taskCount) {
                        let draft = JournalEntry.Draft(id: EntryID(effects), kind: "bench/1", payload: Self.payload)
                        try await effects.journal.append([draft], to: stream)
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
        SQLiteHandlers()
        SystemHandlers()
    }

    private static let variables = ["KEYS_SECRET": String(repeating: "5a", count: 32)]

    private func withEffects(_ handlers: String, _ body: (EffectSystem) async throws -> Void) async throws {
        let profile = try Profile(
            yaml: """
                profile: bench
                environment: server
                \(handlers)
                time: { handler: system }
                random: { handler: system }
                """
        )
        try await withAssembled(profile, Self.registry, variables: Self.variables) { effects, context in
            MemoryAllocator.tune(for: context.budget)
            return try await body(effects)
        }
    }
}
