#if PostgreSQL
internal import AuraConformance
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Synchronization
internal import Testing

/// Makes storages in schemas of one server, opens them again, ends their sessions as a crash does, and damages them.
final class PostgreSQLStorageHarness: StorageDamagingHarness, ReopeningHarness, CrashingHarness, SharingHarness {
    typealias Handler = any StorageEffects

    private struct Opened {
        var handler: PostgreSQLStorageHandler
        var schema: String
        var role: String
    }

    private struct State {
        var open: [Opened] = []
        var crashed: [Opened] = []
        var schemas: Set<String> = []
    }

    private let state = Mutex(State())

    init() throws {
        _ = try LocalServer.shared
    }

    var capabilities: Capabilities {
        let configuration = PostgreSQLConfiguration(
            servers: [],
            database: "",
            user: "",
            password: nil,
            budget: HandlerContext.test().budget
        )
        return PostgreSQLStorageHandler.capabilities(of: configuration)
    }

    func make() async throws -> any StorageEffects {
        try await open(LocalServer.shared.newSchema())
    }

    func reopen(_ handler: any StorageEffects) async throws -> any StorageEffects {
        let opened = try take(handler)
        await opened.handler.close()
        return try await open(opened.schema, role: opened.role)
    }

    func crash(_ handler: any StorageEffects) async throws -> any StorageEffects {
        let opened = try take(handler)
        try await TestAdministrator.end(opened.role)
        state.withLock { $0.crashed.append(opened) }
        return try await open(opened.schema)
    }

    func second(_ handler: any StorageEffects) async throws -> any StorageEffects {
        let schema = try #require(
            state.withLock { state in state.open.first { $0.handler === handler as AnyObject }?.schema }
        )
        return try await open(schema)
    }

    func damage(_ storage: any StorageEffects, valueOf key: StorageKey) async throws -> any StorageEffects {
        let opened = try take(storage)
        await opened.handler.close()
        try await TestAdministrator.run(
            """
            UPDATE \(opened.schema).storage_values SET bytes = set_byte(bytes, 0, get_byte(bytes, 0) # 1)
            WHERE key = convert_to('\(key.text)', 'UTF8')
            """
        )
        return try await open(opened.schema, role: opened.role)
    }

    func finish() async {
        let state = state.withLock { $0 }
        for opened in state.open + state.crashed { await opened.handler.close() }
        do {
            for schema in state.schemas.sorted() {
                try await TestAdministrator.run("DROP SCHEMA IF EXISTS \(schema) CASCADE")
            }
            for role in Set((state.open + state.crashed).map(\.role)).sorted() {
                try await TestAdministrator.run("DROP ROLE \(role)")
            }
        } catch {
            Issue.record(error)
        }
    }

    private func open(_ schema: String, role known: String? = nil) async throws -> any StorageEffects {
        let role: String
        if let known { role = known } else { role = try await TestAdministrator.makeRole() }
        var configuration = try LocalServer.shared.configuration(schema: schema)
        configuration.user = role
        configuration.password = Secret("p")
        let handler = try await PostgreSQLStorageHandler.open(configuration, .test())
        state.withLock { state in
            state.open.append(Opened(handler: handler, schema: schema, role: role))
            state.schemas.insert(schema)
        }
        return handler
    }

    private func take(_ handler: any StorageEffects) throws -> Opened {
        try #require(
            state.withLock { state in
                state.open.firstIndex { $0.handler === handler as AnyObject }.map { state.open.remove(at: $0) }
            }
        )
    }
}
#endif
