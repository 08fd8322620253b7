#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime
@testable internal import AuraPostgreSQL

/// A session on ``LocalServer/shared`` beside the handlers: it makes roles, ends their sessions and changes what is stored.
struct TestAdministrator {
    private static let shared = Task {
        let server = try LocalServer.shared
        // 'EXECUTE' instead of a prepared statement for each text, of which a long run would gather too many.
        try server.administer(
            """
            ALTER ROLE aura CREATEROLE; GRANT pg_signal_backend TO aura;
            CREATE FUNCTION public.run(text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE $1; END $$
            """
        )
        return try await RawSession(server.configuration(schema: "public"))
    }

    /// Runs a statement.
    static func run(_ sql: String) async throws {
        try await shared.value.run { connection throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.add(sql)
            _ = try connection.run("SELECT run($1)", parameters)
        }
    }

    /// Makes a role whose sessions are those of the tables' owner.
    static func makeRole() async throws -> String {
        let role = try "role_" + LocalServer.shared.newSchema()
        try await run("CREATE ROLE \(role) LOGIN PASSWORD 'p' IN ROLE aura; ALTER ROLE \(role) SET role = 'aura'")
        return role
    }

    /// Ends the sessions of a role as the end of their process would, and lets it open no further ones.
    static func end(_ role: String) async throws {
        try await run("ALTER ROLE \(role) NOLOGIN")
        let session = try await shared.value
        var isThere = true
        while isThere {
            isThere = try await session.run { connection throws(PostgreSQLFailure) in
                var parameters = PostgreSQLParameters()
                parameters.add(role)
                // One that is being opened has no name yet.
                let sessions = try connection.run(
                    """
                    SELECT usename IS NOT NULL AND pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE backend_type = 'client backend' AND coalesce(usename, $1::text) = $1::text
                    """,
                    parameters
                )
                return sessions.rowCount > 0
            }
            if isThere { try await HandlerContext.test().time.sleep(for: .milliseconds(1)) }
        }
    }
}
#endif
