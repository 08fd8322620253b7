#if PostgreSQL
internal import AuraEffects
internal import Foundation
internal import Testing

@testable internal import AuraPostgreSQL

@Suite("A password's exchange that is not bound to the TLS session")
struct ChannelBindingTests {
    @Test("it is refused by name, and takes place where 'channelBinding' is off")
    func unboundExchange() async throws {
        let server = try LocalServer.encrypted
        let role = "unbound_\(server.newSchema())"
        try server.administer("SET password_encryption = 'md5'; CREATE ROLE \(role) LOGIN PASSWORD 'p'")
        try await withAccess("hostssl all \(role) 127.0.0.1/32 md5", to: server) {
            var configuration = server.configuration()
            configuration.user = role
            configuration.password = Secret("p")
            configuration.requiresChannelBinding = false
            try await until("the server lets the role in") {
                await Self.failure(configuration) == nil
            }
            configuration.requiresChannelBinding = true
            let error = await Self.failure(configuration)
            #expect(error?.code == .unauthenticated)
            #expect(error?.failure?.kind == .cannotConnect(.noChannelBinding))
            #expect(error?.isRetryable == false)
            #expect(error?.message.contains("channelBinding") == true)
        }
    }

    private static func failure(_ configuration: PostgreSQLConfiguration) async -> EffectError? {
        await thrownError { () async throws(EffectError) in
            try await RawSession(configuration).session.close()
        }
    }

    /// Lets clients in under a further rule, which comes first, as long as `body` runs.
    private func withAccess(_ rule: String, to server: LocalServer, _ body: () async throws -> Void) async throws {
        let file = "\(server.folder)/data/pg_hba.conf"
        let rules = try String(contentsOfFile: file, encoding: .utf8)
        func write(_ rules: String) throws {
            // In place: the file is the server's user's.
            try rules.write(toFile: file, atomically: false, encoding: .utf8)
            try server.administer("SELECT pg_reload_conf()")
        }
        let result = await Result {
            try write(rule + "\n" + rules)
            try await body()
        }
        try write(rules)
        try result.get()
    }
}

extension Result where Failure == any Error {
    fileprivate init(_ body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}
#endif
