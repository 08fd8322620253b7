#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("The schema's version")
struct SchemaTests {
    private func error(_ body: () async throws -> PostgreSQLJournalHandler) async -> EffectError? {
        do {
            await (try await body()).close()
            return nil
        } catch {
            return error as? EffectError
        }
    }

    @Test("a schema without tables is refused where an operator makes them, by the command that makes them")
    func missing() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let error = await error { try await server.journal(schema) { $0.migrations = .manual } }
        #expect(error?.code == .unavailable)
        #expect(error?.isRetryable == false)
        #expect(
            error?.message.contains("no tables") == true && error?.message.contains("aura database migrate") == true
        )
        #expect(try server.integer("SELECT count(*) FROM pg_namespace WHERE nspname = '\(schema)'") == 0)
    }

    @Test("an older schema is brought up to date, or refused where an operator does that")
    func older() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        await (try await server.journal(schema)).close()
        // As the version before left it.
        try server.query(
            """
            DROP TABLE \(schema).storage_values; DROP SEQUENCE \(schema).storage_revisions;
            DROP TABLE \(schema).keyvalue_items; DROP SEQUENCE \(schema).keyvalue_revisions;
            UPDATE \(schema).schema_version SET version = 1, compatible_from = 1
            """
        )
        let error = await error { try await server.journal(schema) { $0.migrations = .manual } }
        #expect(error?.code == .unavailable)
        #expect(error?.message.contains("version 1") == true)
        let journal = try await server.journal(schema)
        #expect(try server.integer("SELECT version FROM \(schema).schema_version") == 3)
        #expect(try server.integer("SELECT count(*) FROM \(schema).storage_values") == 0)
        await journal.close()
    }

    @Test("a newer schema that says it works with this code is used, and is left as it is")
    func newerCompatible() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        await (try await server.journal(schema)).close()
        try server.query("UPDATE \(schema).schema_version SET version = 9")
        let journal = try await server.journal(schema)
        try await journal.append([HandlerContext.test().draft("beside version 9")], to: "stream")
        #expect(try server.integer("SELECT version FROM \(schema).schema_version") == 9)
        await journal.close()
    }

    @Test("a newer schema that needs newer code is refused")
    func newer() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        await (try await server.journal(schema)).close()
        try server.query("UPDATE \(schema).schema_version SET version = 9, compatible_from = 8")
        let error = await error { try await server.journal(schema) }
        #expect(error?.code == .unsupported)
        #expect(error?.message.contains("Update the application") == true)
    }

    @Test("processes that open a new schema at once make its tables once")
    func race() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask { await (try await server.journal(schema)).close() }
            }
            try await group.waitForAll()
        }
        #expect(try server.integer("SELECT count(*) FROM \(schema).schema_version") == 1)
        #expect(try server.integer("SELECT count(*) FROM \(schema).journal_head") == 1)
    }

    @Test("a role without rights is told so: to make tables, to read them, to write them")
    func rights() async throws {
        let server = try LocalServer.shared
        let schema = server.newSchema()
        let context = HandlerContext.test()
        let owned = try await server.journal(schema)
        try await owned.append([context.draft("mine")], to: "stream")
        await owned.close()
        let role = "guest_\(schema)"
        try server.administer("CREATE ROLE \(role) LOGIN PASSWORD 'guest'")
        func asGuest(_ schema: String) async throws -> PostgreSQLJournalHandler {
            try await server.journal(schema) { configuration in
                configuration.user = role
                configuration.password = Secret("guest")
            }
        }
        let making = await error { try await asGuest(server.newSchema()) }
        #expect(making?.code == .permissionDenied, "\(String(describing: making))")
        let reading = await error { try await asGuest(schema) }
        #expect(reading?.code == .permissionDenied, "\(String(describing: reading))")
        // Rights to read alone: a handler that only reads may work, and a write says what is missing.
        try server.query(
            "GRANT USAGE ON SCHEMA \(schema) TO \(role); GRANT SELECT ON ALL TABLES IN SCHEMA \(schema) TO \(role)"
        )
        let guest = try await asGuest(schema)
        #expect(try await guest.readAll(after: .start, limit: 10).count == 1)
        let writing = await #expect(throws: EffectError.self) {
            try await guest.append([context.draft("not mine")], to: "stream")
        }
        #expect(writing?.code == .permissionDenied)
        #expect(writing?.isRetryable == false)
        await guest.close()
    }
}
#endif
