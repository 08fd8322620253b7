#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

extension LocalServer {
    /// A configuration for a schema that differs from the usual one.
    func configuration(
        schema: String,
        changed change: (inout PostgreSQLConfiguration) -> Void
    ) -> PostgreSQLConfiguration {
        var configuration = configuration(schema: schema)
        change(&configuration)
        return configuration
    }

    /// Lends a journal in a schema and closes it afterwards.
    func withJournal<Result>(
        in schema: String,
        _ body: (PostgreSQLJournalHandler) async throws -> Result
    ) async throws -> Result {
        try await withJournal(configuration(schema: schema), body)
    }

    /// Lends a journal under a configuration and closes it afterwards.
    func withJournal<Result>(
        _ configuration: PostgreSQLConfiguration,
        _ body: (PostgreSQLJournalHandler) async throws -> Result
    ) async throws -> Result {
        let journal = try await PostgreSQLJournalHandler.open(configuration, .test())
        do {
            let result = try await body(journal)
            await journal.close()
            return result
        } catch {
            await journal.close()
            throw error
        }
    }
}

/// A new entry.
func draft(_ text: String = "an entry") -> JournalEntry.Draft {
    draft(Array(text.utf8))
}

func draft(_ payload: [UInt8]) -> JournalEntry.Draft {
    let context = HandlerContext.test()
    return JournalEntry.Draft(
        id: EntryID(time: context.time, random: context.random),
        kind: "test.appended/1",
        payload: payload
    )
}

/// The whole of a journal, page by page.
func allEntries(_ journal: some JournalEffects, pageSize: Int = 10_000) async throws -> [JournalEntry] {
    var entries: [JournalEntry] = []
    while true {
        let page = try await journal.readAll(after: entries.last?.position ?? .start, limit: pageSize)
        if page.isEmpty { return entries }
        entries += page
    }
}

/// Appends until there is a receipt, as a caller does who knows that an id makes it safe.
func appendStubbornly(
    _ draft: JournalEntry.Draft,
    to stream: StreamName,
    _ journal: some JournalEffects,
    refused: (EffectError) -> Void = { _ in }
) async throws -> AppendReceipt {
    while true {
        do throws(EffectError) {
            return try await journal.append([draft], to: stream)
        } catch {
            refused(error)
            guard error.isRetryable else { throw error }
            try await HandlerContext.test().time.sleep(for: .milliseconds(5))
        }
    }
}
#endif
