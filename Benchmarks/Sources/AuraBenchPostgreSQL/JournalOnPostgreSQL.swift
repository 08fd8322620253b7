internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import AuraSystem
internal import Measuring

/// Our side of the suite: a journal on PostgreSQL, assembled from a profile as an application's is.
enum JournalOnPostgreSQL {
    private static let registry = HandlerRegistry {
        PostgreSQLHandlers()
        SystemHandlers()
    }

    /// Lends the journal on a server and closes it afterwards.
    static func open<Result>(
        _ url: String,
        _ body: (any JournalEffects) async throws -> Result
    ) async throws -> Result {
        let profile = try Profile(
            yaml: """
                profile: bench
                environment: server
                journal: { handler: postgresql, url: "${secret:DATABASE_URL}", tls: disable }
                time: { handler: system }
                random: { handler: system }
                """
        )
        return try await withAssembled(profile, registry, variables: ["DATABASE_URL": url]) { effects, _ in
            try await body(effects.journal)
        }
    }
}

extension JournalEffects {
    /// Appends a workload: every task takes its share of the appends, and the streams take turns.
    func append(_ workload: Workload, tasks: Int, entriesPerAppend: Int) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    let appends = workload.count / entriesPerAppend
                    for index in stride(from: task, to: appends, by: tasks) {
                        let first = index * entriesPerAppend
                        let drafts = Array(workload.drafts[first..<first + entriesPerAppend])
                        try await append(drafts, to: Workload.streams[index % Workload.streamCount])
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
