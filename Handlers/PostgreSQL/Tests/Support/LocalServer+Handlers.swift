#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime

extension LocalServer {
    /// Opens a journal.
    ///
    /// - Parameters:
    ///   - schema: The schema of the tables.
    ///   - port: Another port, such as that of a ``FaultProxy``.
    ///   - change: What is to be different from the usual configuration.
    /// - Returns: The open journal.
    /// - Throws: What opening it throws.
    func journal(
        _ schema: String,
        port: Int? = nil,
        _ change: (inout PostgreSQLConfiguration) -> Void = { _ in }
    ) async throws(EffectError) -> PostgreSQLJournalHandler {
        var configuration = configuration(schema: schema)
        if let port { configuration.servers = [.init(host: host, port: port)] }
        change(&configuration)
        return try await PostgreSQLJournalHandler.open(configuration, HandlerContext.test())
    }
}

extension HandlerContext {
    func draft(_ text: String) -> JournalEntry.Draft {
        JournalEntry.Draft(id: EntryID(time: time, random: random), kind: "test.appended/1", payload: Array(text.utf8))
    }
}
#endif
