#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime
internal import AuraSystem
internal import Foundation
internal import Testing

@testable internal import AuraPostgreSQL

@Suite("Connecting to PostgreSQL")
struct ConnectingTests {
    private func failure(
        _ server: LocalServer? = nil,
        _ change: (inout PostgreSQLConfiguration) -> Void
    ) async throws -> EffectError? {
        var configuration = try (server ?? LocalServer.shared).configuration()
        change(&configuration)
        do throws(EffectError) {
            let session = try await RawSession(configuration)
            await session.session.close()
            return nil
        } catch {
            return error
        }
    }

    @Test("each refusal has its own code and hides the password")
    func refusals() async throws {
        let password = "the-password-that-no-error-prints"
        let wrongPassword = try await failure { $0.password = Secret(password) }
        #expect(wrongPassword?.code == .unauthenticated)
        #expect(wrongPassword?.failure?.kind == .refused(.invalidPassword))
        #expect(wrongPassword?.description.contains(password) == false)

        let noPassword = try await failure { $0.password = nil }
        #expect(noPassword?.code == .unauthenticated)
        #expect(noPassword?.failure?.kind == .cannotConnect(.noPassword))

        let unknownUser = try await failure { $0.user = "nobody" }
        #expect(unknownUser?.code == .unauthenticated)

        let unknownDatabase = try await failure { $0.database = "no such database" }
        #expect(unknownDatabase?.code == .invalidArgument)
        #expect(unknownDatabase?.failure?.kind == .refused(.unknownDatabase))

        let noServer = try await failure { $0.servers = [.init(host: "127.0.0.1", port: 1)] }
        #expect(noServer?.code == .unavailable)
        #expect(noServer?.isRetryable == true)
        #expect(noServer?.failure?.kind == .cannotConnect(.unreachable))

        let unknownHost = try await failure { $0.servers = [.init(host: "nowhere.invalid", port: 5432)] }
        #expect(unknownHost?.failure?.kind == .cannotConnect(.unreachable))
    }

    @Test("the server's certificate is checked against authority and host name")
    func certificates() async throws {
        let server = try LocalServer.encrypted
        #expect(try await failure(server) { _ in } == nil)
        let folder = server.folder

        let wrongHost = try await failure(server) { $0.servers[0].host = "127.0.0.1" }
        #expect(wrongHost?.code == .unauthenticated)
        #expect(wrongHost?.failure?.kind == .cannotConnect(.wrongHostName))

        let otherAuthority = try await failure(server) { $0.rootCertificate = "\(folder)/tls/other-ca.crt" }
        #expect(otherAuthority?.code == .unauthenticated)
        #expect(otherAuthority?.failure?.kind == .cannotConnect(.wrongCertificate))

        let systemsAuthorities = try await failure(server) { $0.rootCertificate = nil }
        #expect(systemsAuthorities?.failure?.kind == .cannotConnect(.wrongCertificate))

        let missingFile = try await failure(server) { $0.rootCertificate = "\(folder)/tls/missing.crt" }
        #expect(missingFile?.failure?.kind == .cannotConnect(.wrongCertificate))

        // What does not check the name, or nothing at all, does connect.
        #expect(
            try await failure(server) {
                $0.servers[0].host = "127.0.0.1"
                $0.tls = .verifyCA
            } == nil
        )
        #expect(
            try await failure(server) {
                $0.servers[0].host = "127.0.0.1"
                $0.rootCertificate = nil
                $0.tls = .require
            } == nil
        )
    }

    @Test("a server without TLS gets no password, and one that demands TLS no plain connection")
    func withoutTLS() async throws {
        let folder = try LocalServer.encrypted.folder
        let noTLS = try await failure {
            $0.tls = .verifyFull
            $0.rootCertificate = "\(folder)/tls/ca.crt"
        }
        #expect(noTLS?.code == .unauthenticated)
        #expect(noTLS?.failure?.kind == .cannotConnect(.noTLS))

        let plain = try await failure(LocalServer.encrypted) { $0.tls = .disable }
        #expect(plain?.code == .unauthenticated)
        #expect(plain?.failure?.kind == .refused(.invalidAuthorization))
    }

    @Test("of several servers the first that takes the session is used")
    func severalServers() async throws {
        let dead = PostgreSQLConfiguration.Server(host: "127.0.0.1", port: 1)
        #expect(try await failure { $0.servers.insert(dead, at: 0) } == nil)
        #expect(try await failure { $0.servers.append(dead) } == nil)
        let refused = try await failure {
            $0.servers.insert(dead, at: 0)
            $0.servers.append(dead)
            $0.user = "nobody"
        }
        // The refusal tells more than that two servers are dead.
        #expect(refused?.code == .unauthenticated)
    }

    @Test("a server that is read-only is passed over, and named where there is no other")
    func readOnly() async throws {
        let server = try LocalServer.shared
        let role = "reader_\(server.newSchema())"
        try server.administer(
            "CREATE ROLE \(role) LOGIN PASSWORD 'p'; ALTER ROLE \(role) SET default_transaction_read_only = on"
        )
        let error = try await failure {
            $0.user = role
            $0.password = Secret("p")
        }
        #expect(error?.code == .unavailable)
        #expect(error?.failure?.kind == .cannotConnect(.wrongSession))
        #expect(
            try await failure {
                $0.user = role
                $0.password = Secret("p")
                $0.targetSession = .any
            } == nil
        )
    }

    @Test("a host that takes the connection and says nothing is given up in time")
    func blackHole() async throws {
        let hole = try SilentListener()
        // Started before the time is taken.
        _ = try LocalServer.shared
        let clock = SystemTimeHandler()
        let start = clock.monotonicNow
        let error = try await failure {
            $0.servers = [.init(host: "127.0.0.1", port: hole.port)]
            $0.connectTimeout = .milliseconds(300)
        }
        #expect(error?.code == .unavailable)
        #expect(error?.failure?.kind == .cannotConnect(.timedOut))
        let elapsed = start.duration(to: clock.monotonicNow)
        #expect(elapsed >= .milliseconds(300) && elapsed < .seconds(9))
        // The next server is tried, for as long: on a busy machine it takes a while to answer.
        #expect(
            try await failure {
                $0.servers.insert(.init(host: "127.0.0.1", port: hole.port), at: 0)
                $0.connectTimeout = .seconds(4)
            } == nil
        )
    }

    @Test(
        "a schema of any name is one name, and passes no option to the server",
        arguments: [
            "with space", "qu\"ote", "back\\slash", "x -c statement_timeout=1", "\u{e9}\u{1f600}", "UPPER",
            "semi;colon'",
        ]
    )
    func schemaNames(name: String) async throws {
        let schema = try name + LocalServer.shared.newSchema()
        let configuration = try LocalServer.shared.configuration(schema: schema)
        let session = try await RawSession(configuration)
        try await session.run { connection throws(PostgreSQLFailure) in
            _ = try connection.run("CREATE SCHEMA \(configuration.quotedSchema)")
            let current = try connection.run("SELECT current_schema()::text, current_setting('statement_timeout')")
                .first
            #expect(current?.text(0) == schema)
            #expect(current?.text(1) == "1min")
        }
        await session.session.close()
    }
}

/// Takes connections and never says a word.
private final class SilentListener {
    private let socket: Int32
    let port: Int

    init() throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let socket = socket
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                guard unsafe bind(socket, pointer, length) == 0, listen(socket, 8) == 0 else { return Int32(-1) }
                return unsafe getsockname(socket, pointer, &length)
            }
        }
        try #require(status == 0)
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit {
        close(socket)
    }
}
#endif
