#if PostgreSQL
internal import Foundation
internal import Testing

@Suite("The faulty network of the tests")
struct FaultProxyTests {
    let server: LocalServer
    let proxy: FaultProxy

    init() throws {
        server = try LocalServer.shared
        proxy = try FaultProxy(to: server.port)
    }

    @Test("a connection through a proxy works, and large answers come whole")
    func open() throws {
        let connection = try server.connect(port: proxy.port)
        let rows = try connection.query("SELECT repeat('x', 1000) FROM generate_series(1, 5000)")
        #expect(rows.count == 5000)
        #expect(rows.allSatisfy { $0[0]?.count == 1000 })
        #expect(proxy.acceptedCount == 1)
        let read = try #require(proxy.connections.first?.bytesRead)
        #expect(read.fromServer > 5_000_000)
        #expect(read.fromClient > 100)
    }

    @Test("a connection that its client closes is closed at the server")
    func closed() async throws {
        var connection: PlainConnection? = try server.connect(port: proxy.port)
        let backend = try #require(connection?.backend)
        connection = nil
        try await until("the server's process ends") {
            try server.integer("SELECT count(*) FROM pg_stat_activity WHERE pid = \(backend)") == 0
        }
        try await until("the proxy forgets it") { proxy.connections.isEmpty }
    }

    @Test("latency delays every answer by both ways")
    func latency() throws {
        let connection = try server.connect(port: proxy.port)
        proxy.conduct = .slow(latency: .milliseconds(60))
        let elapsed = try ContinuousClock().measure { try connection.query("SELECT 1") }
        #expect(elapsed >= .milliseconds(120))
        proxy.conduct = .open
        try connection.query("SELECT 1")
    }

    @Test("a limit holds back what is above it")
    func rate() throws {
        let connection = try server.connect(port: proxy.port)
        proxy.conduct = .slow(bytesPerSecond: 200_000)
        var rows: [[String?]] = []
        let elapsed = try ContinuousClock().measure { rows = try connection.query("SELECT repeat('x', 100000)") }
        #expect(rows[0][0]?.count == 100_000)
        // Half a second, less the last twentieth, which is not waited for.
        #expect(elapsed >= .milliseconds(400))
    }

    @Test("what a stall holds back gets through after it")
    func stall() throws {
        let connection = try server.connect(port: proxy.port)
        proxy.conduct = .stalled
        try connection.send("SELECT 1")
        #expect(try connection.answer(within: .milliseconds(200)) == nil)
        #expect(proxy.connections.count == 1)
        proxy.conduct = .open
        #expect(try connection.answer(within: .seconds(30)) == [["1"]])
    }

    @Test("a black hole loses what both sides send and tells neither, and later connections work")
    func blackHole() throws {
        let connection = try server.connect(port: proxy.port)
        let backend = connection.backend
        proxy.conduct = .blackHole
        try connection.send("SELECT 1")
        #expect(try connection.answer(within: .milliseconds(200)) == nil)
        proxy.conduct = .open
        #expect(try connection.answer(within: .milliseconds(200)) == nil)
        #expect(try server.connect(port: proxy.port).query("SELECT 1") == [["1"]])
        #expect(try server.integer("SELECT count(*) FROM pg_stat_activity WHERE pid = \(backend)") == 1)
    }

    @Test("where answers are lost the server does what it was asked")
    func answersLost() async throws {
        let schema = server.newSchema()
        try server.query("CREATE SCHEMA \(schema); CREATE TABLE \(schema).numbers (number int)")
        let connection = try server.connect(port: proxy.port)
        proxy.conduct = .answersLost
        try connection.send("INSERT INTO \(schema).numbers VALUES (1)")
        #expect(try connection.answer(within: .milliseconds(200)) == nil)
        try await until("the row is there") {
            try server.integer("SELECT count(*) FROM \(schema).numbers") == 1
        }
    }

    @Test("a connection has a conduct of its own")
    func ownConduct() throws {
        let (first, second) = (try server.connect(port: proxy.port), try server.connect(port: proxy.port))
        let connections = proxy.connections
        #expect(connections.count == 2)
        connections[0].conduct = .stalled
        try first.send("SELECT 1")
        #expect(try first.answer(within: .milliseconds(100)) == nil)
        #expect(try second.query("SELECT 2") == [["2"]])
        connections[0].conduct = nil
        #expect(try first.answer(within: .seconds(30)) == [["1"]])
    }

    @Test("a reset ends a connection at once on both sides, and the others go on")
    func reset() async throws {
        let (first, second) = (try server.connect(port: proxy.port), try server.connect(port: proxy.port))
        let backend = first.backend
        let connection = try #require(proxy.connections.first)
        connection.reset()
        #expect(!connection.isOpen)
        #expect(throws: PlainError.self) { try first.query("SELECT 1") }
        #expect(try second.query("SELECT 2") == [["2"]])
        try await until("the server's process ends") {
            try server.integer("SELECT count(*) FROM pg_stat_activity WHERE pid = \(backend)") == 0
        }
        proxy.resetConnections()
        #expect(throws: PlainError.self) { try second.query("SELECT 2") }
    }

    @Test("refused connections fail at once, those that are there go on, and later ones work")
    func refuse() throws {
        let connection = try server.connect(port: proxy.port)
        proxy.refusesConnections = true
        let error = #expect(throws: PlainError.self) { try server.connect(port: proxy.port) }
        #expect(error?.message.contains("refused") == true)
        #expect(try connection.query("SELECT 1") == [["1"]])
        proxy.refusesConnections = false
        #expect(try server.connect(port: proxy.port).query("SELECT 1") == [["1"]])
    }

    @Test("where no server listens the client is reset")
    func noServer() throws {
        let nowhere = try FaultProxy(to: 1)
        #expect(throws: PlainError.self) { try server.connect(port: nowhere.port) }
        #expect(nowhere.connections.isEmpty)
    }
}
#endif
