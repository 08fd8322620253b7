internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import Measuring

/// Our side of the suite: a storage on SQLite, assembled from a profile as an application's is.
enum StorageOnSQLite {
    private static let registry = HandlerRegistry {
        SQLiteHandlers()
        SystemHandlers()
    }

    /// Lends the storage at `path` and closes it afterwards.
    static func open<Result>(
        _ path: String,
        _ body: (any StorageEffects, ResourceBudget) async throws -> Result
    ) async throws -> Result {
        let profile = try Profile(
            yaml: """
                profile: bench
                environment: server
                storage: { handler: sqlite, path: "\(path)" }
                time: { handler: system }
                random: { handler: system }
                """
        )
        return try await withAssembled(profile, registry, variables: [:]) { effects, context in
            MemoryAllocator.tune(for: context.budget)
            return try await body(effects.storage, context.budget)
        }
    }
}
