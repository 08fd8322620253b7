#if AWS && OpenSSL && SQLite
internal import Foundation
internal import Testing

extension ProgramTests {
    @Suite("Secrets of AWS in a profile")
    struct SecretProfileTests {
        private let place: ProgramPlace

        init() throws {
            place = try ProgramTests.place()
        }

        /// A profile whose keys are opened by a text with secrets.
        private func write(_ text: String, more: String = "secrets: { handler: aws, region: us-east-1 }") throws {
            try place.write(
                """
                profile: secret
                environment: embedded
                time: { handler: system }
                random: { handler: system }
                http: { handler: curl }
                \(more)
                crypto: { handler: openssl }
                keys:
                  handler: stored
                  password: "\(text)"
                  derivation: pbkdf2
                  iterations: 100000
                  over: { handler: sqlite, path: keys.db }
                storage: { handler: encrypted, key: notes, over: { handler: sqlite, path: notes.db } }
                """,
                to: "secret.yaml"
            )
        }

        private func stored() throws -> String {
            let name = "\(place.prefix)/password"
            _ = try PeerProgram(place.server).run("python3", [PeerProgram.script, "secrets", name])
            return name
        }

        @Test("secrets and parameters are fetched before the handlers are made, and nothing of them is shown")
        func fetched() throws {
            let name = try stored()
            let whole = "${secret:secretsmanager:\(name)} and ${secret:ssm:/\(name)} and ${secret:ssm:/\(name)}"
            try write("\(whole) and ${secret:secretsmanager:\(name)/json#password}")
            try place.run("aura", "profile", "check", "./secret.yaml")
            let made = try place.run("aura", "keys", "create", "profile:./secret.yaml", "notes", "--log-level", "info")
            #expect((made.output + made.errors).contains("sensitive_read"))
            #expect((made.output + made.errors).contains("ssm:/\(name)"))
            try place.run("aura", "storage", "put", "profile:./secret.yaml", "key", "value")
            #expect(try place.run("aura", "storage", "get", "profile:./secret.yaml", "key").output.contains("value"))
            let live = try place.run("aura", "profile", "check", "./secret.yaml", "--live")
            for shown in [made.output + made.errors, live.output + live.errors] {
                #expect(!shown.contains("the secret é") && !shown.contains("the parameter é"))
            }
            // The policy is for those that are named, and for nothing else.
            try place.server.forgetActions()
            try place.run("aura", "keys", "list", "profile:./secret.yaml")
            place.expect(try place.taken(), asAllowed: try place.allowed("./secret.yaml"))
            // One that is named twice is fetched once.
            let before = try place.server.state.requests.count { $0.contains("GetParameter") }
            try place.run("aura", "keys", "list", "profile:./secret.yaml")
            #expect(try place.server.state.requests.count { $0.contains("GetParameter") } == before + 1)
        }

        @Test("what is not there, of the wrong kind, or nobody's is named with its place and never by its value")
        func refused() throws {
            let name = try stored()
            func failure(_ text: String, more: String = "secrets: { handler: aws, region: us-east-1 }") throws -> String
            {
                try write(text, more: more)
                return try place.run("aura", "keys", "create", "profile:./secret.yaml", "notes", exitCode: 78).errors
            }
            let missing = try failure("${secret:ssm:/none/a} ${secret:secretsmanager:none}")
            #expect(missing.contains("keys.password: the secret 'ssm:/none/a' is not there"))
            #expect(missing.contains("the secret 'secretsmanager:none' is not there"))
            #expect(try failure("${secret:secretsmanager:\(name)/bytes}").contains("is bytes and no text"))
            let member = try failure("${secret:secretsmanager:\(name)#password}")
            #expect(member.contains("is no JSON object with the text 'password'") && !member.contains("the secret é"))
            #expect(try failure("${secret:vault:a}").contains("'vault' is none of 'secretsmanager' and 'ssm'"))
            #expect(try failure("${secret:ssm:}").contains("names a service's secret wrongly"))
            #expect(
                try failure("${secret:ssm:a}", more: "").contains("the profile has no 'secrets'; add it; linked: aws")
            )
            let circle = "secrets: { handler: aws, accessKeyID: \"${secret:ssm:a}\", region: us-east-1 }"
            try write("password", more: circle)
            let checked = try place.run("aura", "profile", "check", "./secret.yaml", exitCode: 78)
            #expect(checked.output.contains("is fetched with 'secrets' itself"))
            try place.server.set([
                StoreServer.Fault(match: "GetParameter", status: 400, code: "AccessDeniedException")
            ])
            #expect(try failure("${secret:ssm:/\(name)}").contains("may not be read: let the caller read it"))
        }
    }
}
#endif
