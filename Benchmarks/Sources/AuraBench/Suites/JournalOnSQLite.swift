internal import AuraEffects
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import Measuring

/// Our side of the suite: a journal on SQLite, assembled from a profile as an application's is.
enum JournalOnSQLite {
    enum Synchronous: String {
        case full
        case normal
    }

    private static let registry = HandlerRegistry {
        SQLiteHandlers()
        SystemHandlers()
    }

    /// Lends the journal at `path` and closes it afterwards.
    static func open<Result>(
        _ path: String,
        environment: String = "server",
        synchronous: Synchronous = .full,
        _ body: (any JournalEffects, ResourceBudget) async throws -> Result
    ) async throws -> Result {
        let profile = try Profile(
            yaml: """
                profile: bench
                environment: \(environment)
                journal: { handler: sqlite, path: "\(path)", synchronous: \(synchronous.rawValue) }
                time: { handler: system }
                random: { handler: system }
                """
        )
        return try await withAssembled(profile, registry, variables: [:]) { effects, context in
            MemoryAllocator.tune(for: context.budget)
            return try await body(effects.journal, context.budget)
        }
    }
}
