#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("A server that stops taking writes")
struct ReadOnlyServerTests {
    @Test("its sessions are given up, so that another server is looked for, and writes go on once one takes them")
    func readOnly() async throws {
        let server = try LocalServer()
        let schema = server.newSchema()
        let journal = try await server.journal(schema) { $0.waitTimeout = .seconds(2) }
        let context = HandlerContext.test()
        try await journal.append([context.draft("before")], to: "stream")
        func writer() throws -> String? {
            try server.query("SELECT pid FROM pg_stat_activity WHERE query LIKE 'WITH moved%'").first?.first ?? nil
        }
        let before = try #require(try writer())
        try server.administer("ALTER SYSTEM SET default_transaction_read_only = on")
        try server.administer("SELECT pg_reload_conf()")
        try await until("the server refuses writes") {
            let error = await thrownError { () throws(EffectError) in
                _ = try await journal.append([context.draft("refused")], to: "refused")
            }
            if let error { #expect(error.code == .unavailable && error.isRetryable, "\(error)") }
            return error != nil
        }
        try await until("the session is closed") {
            try server.integer("SELECT count(*) FROM pg_stat_activity WHERE pid = \(before)") == 0
        }
        try server.administer("ALTER SYSTEM RESET default_transaction_read_only")
        try server.administer("SELECT pg_reload_conf()")
        try await until("appends go on") {
            await thrownError { () throws(EffectError) in
                _ = try await journal.append([context.draft("after")], to: "after")
            } == nil
        }
        #expect(try await journal.verify().isClean)
        await journal.close()
    }
}
#endif
