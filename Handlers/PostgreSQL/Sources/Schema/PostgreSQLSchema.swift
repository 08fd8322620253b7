#if PostgreSQL
internal import AuraEffects

/// Looks which version the tables have, and brings them up to date.
struct PostgreSQLSchema {
    let connection: PostgreSQLConnection
    let configuration: PostgreSQLConfiguration
    let place: PostgreSQLPlace

    /// Which version the tables have.
    struct Version: Hashable {
        var number: Int
        /// The oldest version of the code that works with them.
        var compatibleFrom: Int

        static let none = Version(number: 0, compatibleFrom: 0)
    }

    /// Refuses tables that this code cannot use; makes or updates them where the configuration says so.
    func prepare() throws(EffectError) {
        let version = try check()
        guard version.number < PostgreSQLMigration.currentVersion else { return }
        guard configuration.migrations == .automatic else {
            throw place.error(
                .unavailable,
                "\(place.database): schema '\(configuration.schema)' has \(Self.name(version)) and this code needs version "
                    + "\(PostgreSQLMigration.currentVersion); run 'aura database migrate'.",
                isRetryable: false
            )
        }
        _ = try migrate()
    }

    private static func name(_ version: Version) -> String {
        version.number == 0 ? "no tables of Aura" : "version \(version.number)"
    }

    /// The version of the tables.
    ///
    /// - Throws: ``EffectError``: `unsupported` for tables that only newer code works with.
    func check() throws(EffectError) -> Version {
        let version = try version()
        guard version.compatibleFrom <= PostgreSQLMigration.currentVersion else {
            throw place.error(
                .unsupported,
                "\(place.database): schema '\(configuration.schema)' has version \(version.number), which needs code that "
                    + "knows version \(version.compatibleFrom); this one knows \(PostgreSQLMigration.currentVersion). "
                    + "Update the application."
            )
        }
        return version
    }

    /// The version of the tables, whatever it is.
    func version() throws(EffectError) -> Version {
        try place.mapping { () throws(PostgreSQLFailure) in try read() }
    }

    private func read() throws(PostgreSQLFailure) -> Version {
        var name = PostgreSQLParameters()
        name.add(configuration.schema)
        // Not by 'to_regclass': a session that once found no schema remembers that beyond another one's migration.
        let found = try connection.run(
            """
            SELECT 1 FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname = $1::text AND c.relname = 'schema_version'
            """,
            name
        )
        guard found.rowCount > 0 else { return .none }
        // With the schema's name: where the role may not use it, that is what the server says.
        let versions = try connection.run(
            "SELECT version, compatible_from FROM \(configuration.quotedSchema).schema_version"
        )
        guard let row = versions.first else { return .none }
        return Version(number: Int(row.int32(0)), compatibleFrom: Int(row.int32(1)))
    }

    /// Brings the tables up to date; of several processes that try at once, one does it and the others wait.
    ///
    /// - Returns: The version before.
    func migrate() throws(EffectError) -> Version {
        do throws(EffectError) {
            return try migrateInTransaction()
        } catch {
            connection.rollBack()
            throw error
        }
    }

    private func migrateInTransaction() throws(EffectError) -> Version {
        try place.mapping { () throws(PostgreSQLFailure) in
            var key = PostgreSQLParameters()
            key.add("aura/\(configuration.schema)")
            var begin = PostgreSQLBatch()
            begin.add("BEGIN")
            begin.add("SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))", key)
            _ = try connection.run(begin)
        }
        // Another process may have done it by now.
        let version = try check()
        guard version.number < PostgreSQLMigration.currentVersion else {
            connection.rollBack()
            return version
        }
        try place.mappingWrite { () throws(PostgreSQLFailure) in
            if version.number == 0 { try makeSchema() }
            for migration in PostgreSQLMigration.all[version.number...] {
                for statement in migration.statements { _ = try connection.run(statement) }
            }
            let compatibleFrom = PostgreSQLMigration.all.map(\.compatibleFrom).max() ?? 0
            var batch = PostgreSQLBatch()
            batch.add(
                "UPDATE schema_version SET version = \(PostgreSQLMigration.currentVersion), compatible_from = \(compatibleFrom)"
            )
            batch.add("COMMIT")
            _ = try connection.run(batch)
        }
        return version
    }

    private func makeSchema() throws(PostgreSQLFailure) {
        var name = PostgreSQLParameters()
        name.add(configuration.schema)
        let found = try connection.run("SELECT 1 FROM pg_namespace WHERE nspname = $1::text", name)
        // Not 'IF NOT EXISTS': that needs the right to create schemas even where there is nothing to create.
        if found.rowCount == 0 { _ = try connection.run("CREATE SCHEMA \(configuration.quotedSchema)") }
        _ = try connection.run(
            "CREATE TABLE schema_version (version integer NOT NULL, compatible_from integer NOT NULL)"
        )
        _ = try connection.run("INSERT INTO schema_version VALUES (0, 0)")
    }
}
#endif
