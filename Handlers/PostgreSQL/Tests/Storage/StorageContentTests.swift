#if PostgreSQL
internal import AuraEffects
internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("What storage in PostgreSQL holds")
struct StorageContentTests {
    @Test("metacharacters, NUL bytes and 1 MiB come back in every field")
    func anything() async throws {
        let nasty = [
            "'; DROP TABLE storage_values; --", "\"", "\\", "\\x00", "$1", "$$", "%", "_", "a\u{0}b", "\u{0}", "NULL",
            "{1,2}", "\u{e9}", "e\u{301}", "\u{10ffff}", "\n", " ", String(repeating: "'", count: 1024),
        ]
        var configuration = try LocalServer.shared.configuration()
        configuration.schema = "it's \"odd\"; -- \\ $1 \u{e9}" + configuration.schema
        let storage = try await PostgreSQLStorageHandler.open(configuration, .test())
        let megabyte = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var expected: [StorageKey: StoredValue] = [:]
        for (number, text) in nasty.enumerated() {
            let key = StorageKey(text)
            let bytes = number % 4 == 0 ? megabyte : Array(nasty[nasty.count - 1 - number].utf8) + [0, 255, 0]
            let revision: StorageRevision?
            switch number % 3 {
            case 0: revision = try await storage.write(bytes, to: key)
            case 1: revision = try await storage.write(bytes, to: key, if: .absent)
            default: revision = try await storage.transact([.write(bytes, to: key), .remove("nothing")])[0]
            }
            expected[key] = StoredValue(bytes: bytes, revision: try #require(revision))
        }
        for (key, value) in expected.sorted(by: { $0.key < $1.key }) {
            #expect(try await storage.read(key) == value)
            let page = try await storage.list(prefix: key.text, after: nil, limit: 1)
            #expect(page.items.map(\.key) == [key])
            #expect(page.items.map(\.byteCount) == [value.bytes.count])
        }
        let all = try await storage.list(prefix: "", after: nil, limit: 100).items.map(\.key)
        #expect(all == expected.keys.sorted())
        #expect(try await storage.list(prefix: "%", after: nil, limit: 100).items.map(\.key) == ["%"])
        for key in all { #expect(try await storage.remove(key)) }
        #expect(try await storage.list(prefix: "", after: nil, limit: 100).items.isEmpty)
        await storage.close()
    }

    @Test("no revision comes back when handlers come and go, one after the other and at once")
    func revisions() async throws {
        let configuration = try LocalServer.shared.configuration()
        var seen: Set<StorageRevision> = []
        for _ in 0..<3 {
            let storages = [
                try await PostgreSQLStorageHandler.open(configuration, .test()),
                try await PostgreSQLStorageHandler.open(configuration, .test()),
            ]
            for turn in 0..<10 {
                for storage in storages {
                    let revision = try await storage.write([UInt8(turn)], to: "key")
                    #expect(seen.insert(revision).inserted, "\(revision) came back")
                    await #expect(throws: EffectError.self) { try await storage.write([1], to: "key", if: .absent) }
                }
            }
            for storage in storages { await storage.close() }
        }
    }

    @Test("a write is synced before it returns, also where the role's commits are not by default")
    func synchronousCommit() async throws {
        let server = try LocalServer.shared
        let role = try await TestAdministrator.makeRole(isSynced: false)
        var configuration = server.configuration()
        configuration.user = role
        configuration.password = Secret(TestAdministrator.password)
        let storage = try await PostgreSQLStorageHandler.open(configuration, .test())
        // The server's own word for what held at the commit.
        try server.query(
            """
            CREATE TABLE \(configuration.schema).seen (setting text);
            CREATE FUNCTION \(configuration.schema).see() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO \(configuration.schema).seen VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
            CREATE TRIGGER see AFTER INSERT ON \(configuration.schema).storage_values
            FOR EACH STATEMENT EXECUTE FUNCTION \(configuration.schema).see();
            """
        )
        try await storage.write([1], to: "key")
        try await storage.transact([.write([2], to: "key"), .remove("other")])
        await storage.close()
        let seen = try server.query("SELECT DISTINCT setting FROM \(configuration.schema).seen")
        #expect(seen == [["on"]])
    }

    @Test("a storage whose sessions the server has ended goes on by itself")
    func recovery() async throws {
        let role = try await TestAdministrator.makeRole()
        var configuration = try LocalServer.shared.configuration()
        configuration.user = role
        configuration.password = Secret(TestAdministrator.password)
        let storage = try await PostgreSQLStorageHandler.open(configuration, .test())
        for turn in UInt8(0)..<5 {
            try await storage.write([turn], to: "key")
            #expect(try await storage.read("key")?.bytes == [turn])
            try LocalServer.shared.administer(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '\(role)'"
            )
            // What only reads is asked again on another connection.
            #expect(try await storage.read("key")?.bytes == [turn])
            // A write on a session that has ended fails, in a way that may be tried again.
            for attempt in 0..<10 {
                let error = await thrownError { () throws(EffectError) in
                    try await storage.write([turn + 100], to: "key")
                }
                guard let error else { break }
                #expect(error.code == .unavailable && error.isRetryable, "\(error)")
                #expect(attempt < 9)
            }
            #expect(try await storage.read("key")?.bytes == [turn + 100])
        }
        await storage.close()
    }
}
#endif
