#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime
internal import Synchronization
@testable internal import AuraPostgreSQL

/// A session on ``LocalServer/shared`` beside the handlers: it makes roles, ends their sessions and changes what is stored.
struct TestAdministrator {
    private static let shared = Task {
        let server = try LocalServer.shared
        // 'EXECUTE' instead of a prepared statement for each text, of which a long run would gather too many.
        try server.administer(
            """
            ALTER ROLE aura CREATEROLE; GRANT pg_signal_backend, pg_read_all_stats TO aura;
            CREATE FUNCTION public.run(text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE $1; END $$
            """
        )
        let session = try await RawSession(server.configuration(schema: "public"))
        try await session.run { connection throws(PostgreSQLFailure) in
            _ = try connection.run("SET synchronous_commit = off")
        }
        return session
    }

    /// Runs a statement; it holds at once, and is not synced.
    static func run(_ sql: String) async throws {
        try await shared.value.run { connection throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.add(sql)
            _ = try connection.run("SELECT run($1)", parameters)
        }
    }

    // MARK: Schemas

    private static let emptySchemas = Mutex<[String]>([])

    /// The name of a schema without data: one that is still to be made, or one with empty tables.
    static func takeSchema() throws -> String {
        try emptySchemas.withLock { $0.popLast() } ?? LocalServer.shared.newSchema()
    }

    /// Empties the tables of a schema that nobody uses any more, for others to use: faster than making them anew.
    static func giveBack(_ schema: String) async throws {
        try await run(
            """
            DO $do$ DECLARE name text; BEGIN
              FOR name IN SELECT tablename FROM pg_tables
                WHERE schemaname = '\(schema)' AND tablename <> 'schema_version'
              LOOP EXECUTE format('DELETE FROM %I.%I', '\(schema)', name); END LOOP;
            END $do$
            """
        )
        emptySchemas.withLock { $0.append(schema) }
    }

    // MARK: Roles

    /// The password of the roles that are made here.
    static let password = "p"

    /// What the server knows of the password, hashed once instead of the usual 4096 times: no test is about that.
    private static let passwordVerifier =
        "SCRAM-SHA-256$1:c2FsdC1vZi1hLXRlc3Q=$"
        + "QuUGMs/pEGEjsy0vqI2mX2I83Msy00Z9/LxZXsapNSE=:e7f/CvgeSreq+6s/KKJCoNnDPKVJqmm8lBUwnG28x0s="

    /// Makes a role whose sessions are those of the tables' owner.
    ///
    /// - Parameter isSynced: Whether what it commits is on disk before it is acknowledged; without that it is only lost when
    ///   the server crashes.
    /// - Returns: The role's name.
    /// - Throws: What the server refuses.
    static func makeRole(isSynced: Bool = true) async throws -> String {
        let role = try "role_" + LocalServer.shared.newSchema()
        try await run(
            """
            CREATE ROLE \(role) LOGIN PASSWORD '\(passwordVerifier)' IN ROLE aura; ALTER ROLE \(role) SET role = 'aura';
            ALTER ROLE \(role) SET synchronous_commit = \(isSynced ? "on" : "off")
            """
        )
        return role
    }

    /// Ends the sessions of a role as the end of their process would, and lets it open no further ones.
    ///
    /// - Throws: What the server refuses; ``PlainError`` where the role has no session, so that nothing was ended.
    static func end(_ role: String) async throws {
        try await run("ALTER ROLE \(role) NOLOGIN")
        guard try await terminateSessions(of: role) > 0 else {
            throw PlainError(message: "The role \(role) has no session that could be ended.", state: "")
        }
        while try await terminateSessions(of: role) > 0 {
            try await HandlerContext.test().time.sleep(for: .milliseconds(1))
        }
    }

    /// Tells the sessions of a role to end, and returns how many there were.
    private static func terminateSessions(of role: String) async throws -> Int {
        try await shared.value.run { connection throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.add(role)
            return
                try connection.run(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1::text",
                    parameters
                )
                .rowCount
        }
    }

    /// Removes a role that has no sessions.
    static func remove(_ role: String) async throws {
        try await run("DROP ROLE \(role)")
    }
}
#endif
