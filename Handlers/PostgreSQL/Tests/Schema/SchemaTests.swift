#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("The tables' versions")
struct SchemaTests {
    private func failure(_ configuration: PostgreSQLConfiguration) async -> EffectError? {
        await thrownError { () throws(EffectError) in
            let storage = try await PostgreSQLStorageHandler.open(configuration, .test())
            try await storage.write([1], to: "a")
            await storage.close()
        }
    }

    @Test("several processes that find no tables make them once")
    func race() async throws {
        let configuration = try LocalServer.shared.configuration()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<6 {
                group.addTask {
                    let storage = try await PostgreSQLStorageHandler.open(configuration, .test())
                    try await storage.write([1], to: StorageKey("\(number)"))
                    await storage.close()
                }
            }
            try await group.waitForAll()
        }
        let count = try LocalServer.shared.integer("SELECT count(*) FROM \(configuration.schema).storage_values")
        #expect(count == 6)
        #expect(try LocalServer.shared.integer("SELECT count(*) FROM \(configuration.schema).schema_version") == 1)
    }

    @Test("where an operator makes the tables, missing ones are named and not made")
    func manual() async throws {
        var configuration = try LocalServer.shared.configuration()
        configuration.migrations = .manual
        let error = await failure(configuration)
        #expect(error?.code == .unavailable)
        #expect(error?.isRetryable == false)
        #expect(error?.message.contains("aura database migrate") == true)
        let schemas = try LocalServer.shared
            .integer("SELECT count(*) FROM pg_namespace WHERE nspname = '\(configuration.schema)'")
        #expect(schemas == 0)
        configuration.migrations = .automatic
        #expect(await failure(configuration) == nil)
        configuration.migrations = .manual
        #expect(await failure(configuration) == nil)
    }

    @Test("newer tables are used where they allow it, and refused where they do not")
    func newer() async throws {
        let configuration = try LocalServer.shared.configuration()
        #expect(await failure(configuration) == nil)
        let table = "\(configuration.schema).schema_version"
        try LocalServer.shared.query("UPDATE \(table) SET version = 1000")
        #expect(await failure(configuration) == nil)
        try LocalServer.shared.query("UPDATE \(table) SET compatible_from = 1000")
        let error = await failure(configuration)
        #expect(error?.code == .unsupported)
        #expect(error?.isRetryable == false)
    }

    @Test("a role without rights is told so, and what it lacks is not made half")
    func rights() async throws {
        let server = try LocalServer.shared
        var configuration = server.configuration()
        configuration.user = "stranger_\(configuration.schema)"
        configuration.password = Secret("p")
        try server.administer("CREATE ROLE \(configuration.user) LOGIN PASSWORD 'p'")
        let noSchema = await failure(configuration)
        #expect(noSchema?.code == .permissionDenied)
        #expect(noSchema?.isRetryable == false)

        var owner = configuration
        owner.user = server.user
        owner.password = Secret(server.password)
        #expect(await failure(owner) == nil)
        let noRights = await failure(configuration)
        #expect(noRights?.code == .permissionDenied)

        try server.administer(
            """
            GRANT USAGE ON SCHEMA \(configuration.schema) TO \(configuration.user);
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \(configuration.schema) TO \(configuration.user);
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA \(configuration.schema) TO \(configuration.user)
            """
        )
        #expect(await failure(configuration) == nil)
    }
}
#endif
