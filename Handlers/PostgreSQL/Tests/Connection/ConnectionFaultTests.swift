#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Testing

@testable internal import AuraPostgreSQL

@Suite("A connection whose network fails")
struct ConnectionFaultTests {
    private let clock = SystemTimeHandler()

    private func open(
        through proxy: FaultProxy,
        _ change: (inout PostgreSQLConfiguration) -> Void = { _ in }
    ) async throws -> RawSession {
        var configuration = try LocalServer.shared.configuration()
        configuration.servers = [.init(host: "127.0.0.1", port: proxy.port)]
        change(&configuration)
        return try await RawSession(configuration)
    }

    @Test(
        "a read that is cancelled while the network hangs ends soon, and its connection is given up",
        arguments: [ProxyConduct.stalled, .blackHole]
    )
    func cancelledInTheDark(conduct: ProxyConduct) async throws {
        let proxy = try FaultProxy(to: LocalServer.shared.port)
        let session = try await open(through: proxy)
        let connection = try #require(proxy.connections.first)
        let sent = connection.bytesRead.fromClient
        let read = Task {
            try await session.read { connection throws(PostgreSQLFailure) in
                _ = try connection.run("SELECT pg_sleep(50)", canBeInterrupted: true)
            }
        }
        try await until("the read is under way") { connection.bytesRead.fromClient > sent }
        // New connections, such as the request to cancel, hang like the old one.
        proxy.conduct = conduct
        let start = clock.monotonicNow
        read.cancel()
        let error = await read.result.effectError
        #expect(error?.code == .cancelled)
        #expect(start.duration(to: clock.monotonicNow) < .seconds(30))
        #expect(!session.session.isUsable)
        await session.session.close()
    }

    @Test("an answer that does not come is given up in time, and a ping before that")
    func noAnswer() async throws {
        let proxy = try FaultProxy(to: LocalServer.shared.port)
        let session = try await open(through: proxy) {
            $0.connectTimeout = .seconds(2)
        }
        _ = try await session.integer("SELECT 1::bigint")
        proxy.conduct = .blackHole
        let start = clock.monotonicNow
        let pinged = await thrownError { () throws(EffectError) in try await session.session.ping() }
        #expect(pinged?.code == .unavailable)
        #expect(start.duration(to: clock.monotonicNow) < .seconds(30))
        #expect(!session.session.isUsable)
        await session.session.close()

        proxy.conduct = .open
        let other = try await open(through: proxy) { $0.statementTimeout = .seconds(1) }
        _ = try await other.integer("SELECT 1::bigint")
        proxy.conduct = .blackHole
        let sent = clock.monotonicNow
        let error = await thrownError { () throws(EffectError) in _ = try await other.integer("SELECT 1::bigint") }
        #expect(error?.code == .unavailable)
        #expect(error?.isRetryable == true)
        #expect(sent.duration(to: clock.monotonicNow) < .seconds(30))
        await other.session.close()
    }

    @Test("a connection that is reset while a write is under way leaves open what became of it")
    func reset() async throws {
        let proxy = try FaultProxy(to: LocalServer.shared.port)
        let session = try await open(through: proxy)
        let connection = try #require(proxy.connections.first)
        let sent = connection.bytesRead.fromClient
        let place = PostgreSQLPlace(effect: "test", operation: "write", database: "database 'test'")
        let write = Task {
            try await session.session.perform(at: place) { state throws(EffectError) in
                try place.mappingWrite { () throws(PostgreSQLFailure) in
                    _ = try state.connection.run("SELECT pg_sleep(20)")
                }
            }
        }
        try await until("the write is under way") { connection.bytesRead.fromClient > sent }
        proxy.resetConnections()
        let error = await write.result.effectError
        #expect(error?.code == .unavailable)
        #expect(error?.outcome == .unknown)
        #expect(error?.isRetryable == true)
        #expect(!session.session.isUsable)
        await session.session.close()
    }

    @Test("a slow network delivers large values whole")
    func slow() async throws {
        let proxy = try FaultProxy(to: LocalServer.shared.port)
        let session = try await open(through: proxy)
        proxy.conduct = .slow(latency: .milliseconds(5), bytesPerSecond: 2 << 20)
        let bytes = (0..<(1 << 19)).map { UInt8(truncatingIfNeeded: $0) }
        let echo = try await session.run { connection throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.add(bytes)
            return try connection.run("SELECT $1::bytea", parameters).first?.bytes(0)
        }
        #expect(echo == bytes)
        await session.session.close()
    }

    @Test("a standby is passed over for the primary behind it in the list")
    func standby() async throws {
        let primary = try LocalServer()
        let standby = try LocalServer(following: primary, isSynchronous: false)
        var configuration = primary.configuration()
        let servers = configuration.servers
        configuration.servers = standby.configuration().servers + servers
        let session = try await RawSession(configuration)
        #expect(try await session.integer("SELECT pg_is_in_recovery()::int::bigint") == 0)
        await session.session.close()

        configuration.servers = standby.configuration().servers
        do throws(EffectError) {
            _ = try await RawSession(configuration)
            Issue.record("the standby took a session that writes")
        } catch {
            #expect(error.failure?.kind == .cannotConnect(.wrongSession))
        }
        configuration.targetSession = .standby
        configuration.servers = servers + configuration.servers
        let reader = try await RawSession(configuration)
        #expect(try await reader.integer("SELECT pg_is_in_recovery()::int::bigint") == 1)
        await reader.session.close()
    }
}
#endif
