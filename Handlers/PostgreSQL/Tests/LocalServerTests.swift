#if PostgreSQL
internal import Foundation
internal import Testing

@Suite("The servers of the tests")
struct LocalServerTests {
    @Test("the shared server answers, syncs what it commits, and sorts texts as a language does")
    func shared() throws {
        let server = try LocalServer.shared
        #expect(try server.query("SELECT current_user, current_database()") == [["aura", "aura"]])
        #expect(try server.query("SHOW fsync") == [["on"]])
        #expect(try server.query("SHOW data_checksums") == [["on"]])
        #expect(try server.query("SELECT 'a' < 'B', 'a' < 'B' COLLATE \"C\"") == [["t", "f"]])
        #expect(try server.query("SELECT $1, $2::text IS NULL", ["it's", nil]) == [["it's", "t"]])
        #expect(try server.administer("SELECT current_user") == "postgres\n")
        #expect(server.newSchema() != server.newSchema())
    }

    @Test("a wrong password is refused, and nobody comes in without one")
    func password() throws {
        let server = try LocalServer.shared
        for password in ["wrong", ""] {
            #expect(throws: PlainError.self) { try server.connect(password: password) }
        }
        #expect(throws: PlainError.self) { try server.connect(user: "postgres", password: "") }
    }

    @Test("a wrong statement is an error with its state")
    func wrongStatement() throws {
        let error = #expect(throws: PlainError.self) { try LocalServer.shared.query("SELECT 1 FROM nowhere") }
        #expect(error?.state == "42P01")
    }

    @Test("a server that is killed loses its connections, and nothing that was committed")
    func killed() throws {
        let server = try LocalServer()
        let connection = try server.connect()
        try connection.query("CREATE TABLE numbers (number int); INSERT INTO numbers VALUES (1)")
        try connection.query("BEGIN; INSERT INTO numbers VALUES (2)")
        try server.kill()
        #expect(throws: PlainError.self) { try connection.query("COMMIT") }
        #expect(throws: PlainError.self) { try server.connect() }
        try server.restart()
        #expect(try server.query("SELECT number FROM numbers") == [["1"]])
    }

    @Test("with TLS a client checks the server's certificate, and nobody comes in without TLS")
    func tls() throws {
        let server = try LocalServer(LocalServer.Options(tls: true))
        #expect(try server.query("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()") == [["t"]])
        func connect(_ changes: [String: String]) throws {
            let parameters = [
                "host": server.host, "port": "\(server.port)", "dbname": server.database, "user": server.user,
                "password": server.password, "sslmode": "verify-full",
                "sslrootcert": try #require(server.rootCertificate),
            ]
            _ = try PlainConnection(parameters.merging(changes) { $1 })
        }
        try connect(["channel_binding": "require"])
        let otherAuthority = "\(server.folder)/tls/other-ca.crt"
        for changes in [["host": "127.0.0.1"], ["sslrootcert": otherAuthority], ["sslmode": "disable"]] {
            #expect(throws: PlainError.self, "\(changes)") { try connect(changes) }
        }
    }

    @Test("a synchronous standby has every commit, and takes writes once it is promoted")
    func standby() throws {
        let primary = try LocalServer()
        let standby = try LocalServer(following: primary, isSynchronous: true)
        try primary.query("CREATE TABLE numbers (number int); INSERT INTO numbers VALUES (1)")
        #expect(throws: PlainError.self) { try standby.query("CREATE TABLE others (number int)") }
        try primary.kill()
        try standby.promote()
        try standby.query("INSERT INTO numbers VALUES (2)")
        #expect(try standby.integer("SELECT count(*) FROM numbers") == 2)
    }

    @Test("a small tablespace fills up, and the server goes on")
    func diskFull() throws {
        let server = try LocalServer(LocalServer.Options(tablespace: "4M"))
        try server.query("CREATE TABLE texts (content text) TABLESPACE small")
        let error = #expect(throws: PlainError.self) {
            try server.query("INSERT INTO texts SELECT repeat('x', 1000) FROM generate_series(1, 10000)")
        }
        #expect(error?.state == "53100")
        #expect(try server.integer("SELECT count(*) FROM texts") == 0)
    }

    @Test("a server ends with the process that owns it, also when that process is killed")
    func owner() async throws {
        let folder = "\(NSTemporaryDirectory())/aura-postgresql-\(getpid())-owned"
        let owner = Process()
        owner.executableURL = URL(fileURLWithPath: "/bin/sleep")
        owner.arguments = ["600"]
        try owner.run()
        try ServerScript.run(["start", folder, "--owner", "\(owner.processIdentifier)"])
        #expect(FileManager.default.fileExists(atPath: folder))
        kill(owner.processIdentifier, SIGKILL)
        owner.waitUntilExit()
        try await until("the server's folder is gone") { !FileManager.default.fileExists(atPath: folder) }
    }
}
#endif
