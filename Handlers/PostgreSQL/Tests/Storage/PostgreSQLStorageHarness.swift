#if PostgreSQL
internal import AuraConformance
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime

/// Makes storages in schemas of one server, opens them again, ends their sessions as a crash does, and damages them.
final class PostgreSQLStorageHarness: StorageDamagingHarness, ReopeningHarness, CrashingHarness, SharingHarness {
    typealias Handler = any StorageEffects

    private let schemas: HarnessSchemas<PostgreSQLStorageHandler>

    init() {
        schemas = HarnessSchemas { configuration in
            try await PostgreSQLStorageHandler.open(configuration, .test())
        } close: { handler in
            await handler.close()
        }
    }

    var capabilities: Capabilities { PostgreSQLStorageHandler.capabilities(of: .unconnected) }

    func make() async throws -> any StorageEffects { try await schemas.make() }

    func reopen(_ handler: any StorageEffects) async throws -> any StorageEffects { try await schemas.reopen(handler) }

    func crash(_ handler: any StorageEffects) async throws -> any StorageEffects { try await schemas.crash(handler) }

    func second(_ handler: any StorageEffects) async throws -> any StorageEffects { try await schemas.second(handler) }

    func damage(_ storage: any StorageEffects, valueOf key: StorageKey) async throws -> any StorageEffects {
        try await schemas.change(storage) { schema in
            try await TestAdministrator.run(
                """
                UPDATE \(schema).storage_values SET bytes = set_byte(bytes, 0, get_byte(bytes, 0) # 1)
                WHERE key = convert_to('\(key.text)', 'UTF8')
                """
            )
        }
    }

    func finish() async { await schemas.finish() }
}
#endif
