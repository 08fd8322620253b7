#if PostgreSQL
internal import AuraConformance
internal import AuraEffects
internal import AuraLayered
internal import AuraPostgreSQL
internal import Synchronization
internal import Testing

/// Makes journals over tables in schemas of one server, opens them again, and ends their sessions as a crash does.
private final class KeyValueJournalHarness: JournalHarness, ReopeningHarness, CrashingHarness, SharingHarness {
    private let schemas: HarnessSchemas<KeyValueJournalHandler>

    init() {
        let open = OpenTables()
        schemas = HarnessSchemas { configuration in
            try await open.journal(configuration)
        } close: { journal in
            await open.close(journal)
        }
    }

    var capabilities: Capabilities {
        KeyValueJournalHandler.capabilities(over: PostgreSQLKeyValueHandler.capabilities(of: .unconnected))
    }

    func make() async throws -> any JournalEffects { try await schemas.make() }

    func reopen(_ handler: any JournalEffects) async throws -> any JournalEffects { try await schemas.reopen(handler) }

    func crash(_ handler: any JournalEffects) async throws -> any JournalEffects { try await schemas.crash(handler) }

    func second(_ handler: any JournalEffects) async throws -> any JournalEffects { try await schemas.second(handler) }

    func finish() async { await schemas.finish() }
}

/// The tables under journals that are open.
private final class OpenTables: Sendable {
    private let tables = Mutex<[ObjectIdentifier: PostgreSQLKeyValueHandler]>([:])

    func journal(_ configuration: PostgreSQLConfiguration) async throws -> KeyValueJournalHandler {
        let table = try await PostgreSQLKeyValueHandler.open(configuration, .test())
        var settings = KeyValueJournalHandler.Settings()
        // After a crash nobody answers.
        settings.patience = .seconds(5)
        let journal = try await KeyValueJournalHandler.open(over: table, settings, .test())
        tables.withLock { $0[ObjectIdentifier(journal)] = table }
        return journal
    }

    func close(_ journal: KeyValueJournalHandler) async {
        await journal.close()
        await tables.withLock { $0.removeValue(forKey: ObjectIdentifier(journal)) }?.close()
    }
}

@Suite("The laws of the journal over key-values on PostgreSQL")
struct KeyValueJournalTests {
    @Test("journal", arguments: JournalLaw.applicable(to: KeyValueJournalHarness()))
    func journal(_ law: JournalLaw) async throws {
        try await law.check(KeyValueJournalHarness())
    }
}
#endif
