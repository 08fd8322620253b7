#if PostgreSQL
internal import AuraEffects
@testable internal import AuraPostgreSQL
internal import AuraRuntime
internal import Testing

@Suite("The settings of PostgreSQL")
struct PostgreSQLSettingsTests {
    private func configuration(
        _ values: [String: HandlerSettings.Value]
    ) throws(EffectError) -> PostgreSQLConfiguration {
        try PostgreSQLSettings(effect: "journal")
            .configuration(HandlerSettings(values), HandlerContext.test().budget)
    }

    private func refusal(_ values: [String: HandlerSettings.Value]) -> EffectError? {
        do throws(EffectError) {
            _ = try configuration(values)
            return nil
        } catch {
            return error
        }
    }

    @Test("a URL names servers, database, user, password and how they are reached")
    func url() throws {
        let url =
            "postgresql://me:p%40ss@a.example:6000,b.example,[::1]:7000/data?sslmode=verify-ca&sslrootcert=/ca.pem"
            + "&target_session_attrs=any"
        let found = try configuration(["url": .secret(Secret(url))])
        #expect(
            found.servers == [
                .init(host: "a.example", port: 6000), .init(host: "b.example", port: 5432),
                .init(host: "::1", port: 7000),
            ]
        )
        #expect(found.database == "data")
        #expect(found.user == "me")
        #expect(found.password?.withExposedValue { $0 } == "p@ss")
        #expect(found.tls == .verifyCA)
        #expect(found.rootCertificate == "/ca.pem")
        #expect(found.targetSession == .any)
        #expect(found.schema == "aura")
    }

    @Test("what is set on its own wins over the URL")
    func precedence() throws {
        let found = try configuration([
            "url": .secret(Secret("postgresql://me:old@a.example/data?sslmode=require")),
            "hosts": .string("c.example, d.example:6001,[fe80::1]:6002,[fe80::2]"),
            "database": .string("other"),
            "user": .string("you"),
            "password": .secret(Secret("new")),
            "tls": .string("disable"),
            "targetSession": .string("standby"),
            "schema": .string("mine"),
            "channelBinding": .boolean(false),
            "connections": .integer(7),
            "lockTimeout": .duration(.seconds(3)),
        ])
        #expect(found.servers.map(\.host) == ["c.example", "d.example", "fe80::1", "fe80::2"])
        #expect(found.servers.map(\.port) == [5432, 6001, 6002, 5432])
        #expect(found.database == "other")
        #expect(found.user == "you")
        #expect(found.password?.withExposedValue { $0 } == "new")
        #expect(found.tls == .disable)
        #expect(found.targetSession == .standby)
        #expect(found.schema == "mine")
        #expect(!found.requiresChannelBinding)
        #expect(found.connections == 7)
        #expect(found.lockTimeout == .seconds(3))
    }

    @Test("a URL with one port for several hosts gives it to each")
    func onePort() throws {
        let found = try configuration(["url": .secret(Secret("host=a,b port=6000 dbname=data user=me"))])
        #expect(found.servers == [.init(host: "a", port: 6000), .init(host: "b", port: 6000)])
        #expect(found.tls == .verifyFull)
        #expect(found.targetSession == .readWrite)
    }

    @Test(
        "a wrong URL is refused by what is wrong with it, without a word of its secrets",
        arguments: [
            ("postgresql://me:s3cret@h/d?sslmode=prefer", "'sslmode' is 'prefer'"),
            ("postgresql://me:s3cret@h/d?target_session_attrs=read-only", "'target_session_attrs' is 'read-only'"),
            ("postgresql://me:s3cret@h/d?keepalives=0", "'keepalives'"),
            ("postgresql://me:s3cret@h/d?options=-csearch_path%3Ds3cret", "'options'"),
            ("postgresql://me:s3cret@h:70000/d", "a port that is no number"),
            ("postgresql://me:s3cret/x@h/d", "an '@' too many"),
            ("postgresql://me:s3@cret@h/d", "an '@' too many"),
            ("postgresql://me:12/s3cret@h/d", "an '@' too many"),
            ("postgresql://me:s3cret/d", "a port that is no number"),
            ("postgresql://me:s3cret@h/d?s3cret", "is no URL"),
            ("postgresql://me:s3cret%zz@h/d", "is no URL"),
            ("s3cret", "is no URL"),
            ("postgresql://me:s3cret@/d", "no server"),
            ("postgresql://me:s3cret@h1,,h2/d", "without a host"),
            ("postgresql://me:s3cret@h", "no database"),
            ("postgresql://h/d", "no user"),
        ]
    )
    func wrongURL(_ url: String, _ part: String) throws {
        let error = try #require(refusal(["url": .secret(Secret(url))]))
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains(part), "\(error.message)")
        #expect(!error.debugDescription.contains("cret"))
    }

    @Test(
        "times that would mean 'for ever' to the server, or that it cannot count, are refused by name",
        arguments: ["connectTimeout", "statementTimeout", "lockTimeout", "waitTimeout"]
    )
    func wrongTimes(_ name: String) throws {
        for time in [Duration.zero, .microseconds(900), .seconds(25 * 86_400)] {
            let url = HandlerSettings.Value.secret(Secret("postgresql://me@h/d"))
            let error = try #require(refusal(["url": url, name: .duration(time)]))
            #expect(error.code == .invalidArgument)
            #expect(error.message.contains("'\(name)'"), "\(error.message)")
        }
    }

    @Test(
        "a schema is a plain name",
        arguments: ["", "9a", "a-b", "Aura", "a\"b", "ä", String(repeating: "a", count: 42)]
    )
    func wrongSchema(_ schema: String) throws {
        let error = try #require(
            refusal(["url": .secret(Secret("postgresql://me@h/d")), "schema": .string(schema)])
        )
        #expect(error.code == .invalidArgument)
        #expect(error.message.contains("'schema'"))
    }

    @Test("wrong hosts are refused", arguments: ["", "a,", ":5432", "a:b", "a:0", "[::1]5432"])
    func wrongHosts(_ hosts: String) throws {
        let error = try #require(
            refusal(["hosts": .string(hosts), "database": .string("d"), "user": .string("u")])
        )
        #expect(error.code == .invalidArgument)
    }
}
#endif
