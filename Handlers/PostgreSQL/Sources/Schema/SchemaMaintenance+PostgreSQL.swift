#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

extension SchemaMaintenance {
    /// The care of the tables that journal, storage and key-values keep in PostgreSQL.
    ///
    /// - Parameters:
    ///   - effect: The family whose handler is asked, for errors.
    ///   - configuration: Makes the configuration from the settings.
    /// - Returns: The care of the tables.
    static func postgreSQL(
        for effect: String,
        _ configuration:
            @escaping @Sendable (HandlerSettings, ResourceBudget) throws(EffectError) -> PostgreSQLConfiguration
    ) -> SchemaMaintenance {
        SchemaMaintenance(
            status: { settings, context throws(EffectError) in
                let configuration = try configuration(settings, context.budget)
                return try await configuration.withSchema(context, configuration.place(effect, "status")) {
                    schema throws(EffectError) in try schema.version()
                }
            },
            migrate: { settings, context throws(EffectError) in
                let configuration = try configuration(settings, context.budget)
                return try await configuration.withSchema(context, configuration.place(effect, "migrate")) {
                    schema throws(EffectError) in
                    // What only newer code works with is refused.
                    _ = try schema.check()
                    return try schema.migrate()
                }
            }
        )
    }
}

/// A session that looks at the tables' version alone.
private final class SchemaSessionState: PostgreSQLSessionState {
    let connection: PostgreSQLConnection

    init(_ connection: PostgreSQLConnection, _ configuration: PostgreSQLConfiguration) {
        self.connection = connection
    }
}

extension PostgreSQLConfiguration {
    /// Looks at the tables over a connection of its own, and says what their version is or was.
    fileprivate func withSchema(
        _ context: HandlerContext,
        _ place: PostgreSQLPlace,
        _ body: @Sendable (PostgreSQLSchema) throws(EffectError) -> PostgreSQLSchema.Version
    ) async throws(EffectError) -> SchemaMaintenance.Status {
        let session = try await PostgreSQLSession<SchemaSessionState>
            .open(self, context, label: "aura.schema", at: place)
        let outcome: Result<PostgreSQLSchema.Version, EffectError>
        do throws(EffectError) {
            outcome = .success(
                try await session.perform(at: place) { state throws(EffectError) in
                    try body(PostgreSQLSchema(connection: state.connection, configuration: self, place: place))
                }
            )
        } catch {
            outcome = .failure(error)
        }
        await session.close()
        let version = try outcome.get()
        return SchemaMaintenance.Status(
            database: displayName,
            schema: schema,
            version: version.number,
            compatibleFrom: version.compatibleFrom,
            codeVersion: PostgreSQLMigration.currentVersion
        )
    }
}
#endif
