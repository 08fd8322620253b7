#if AWS && OpenSSL && SQLite
internal import AuraEffects
internal import Foundation
internal import Testing

extension ProgramTests {
    @Suite("Keys that KMS opens")
    struct KeyWrappingTests {
        private let place: ProgramPlace
        private let key: String

        init() throws {
            place = try ProgramTests.place()
            let said = try PeerProgram(place.server)
                .run("python3", [PeerProgram.script, "secrets", "\(place.prefix)/unused"])
            key = try #require(try JSONDecoder().decode([String: String].self, from: Data(said.utf8))["key"])
        }

        private func write(_ keys: String) throws {
            try place.write(
                """
                profile: wrapped
                environment: embedded
                time: { handler: system }
                random: { handler: system }
                http: { handler: curl }
                crypto: { handler: openssl }
                keys: { \(keys), over: { handler: sqlite, path: keys.db } }
                storage: { handler: encrypted, key: notes, over: { handler: sqlite, path: notes.db } }
                """,
                to: "wrapped.yaml"
            )
        }

        private func wrapped(by key: String) -> String {
            "handler: wrapped, by: { handler: kms, key: \(key), region: us-east-1, endpoint: \"\(place.server.endpoint.text)\" }"
        }

        @Test("values are read by keys that KMS opens, also after a rotation of either")
        func rotation() throws {
            let profile = "profile:./wrapped.yaml"
            try write(wrapped(by: key))
            try place.server.forgetActions()
            try place.run("aura", "keys", "create", profile, "notes")
            try place.run("aura", "storage", "put", profile, "first", "one")
            try place.run("aura", "keys", "rotate", profile, "notes")
            _ = try PeerProgram(place.server).run("python3", [PeerProgram.script, "rotate", key])
            try place.run("aura", "storage", "put", profile, "second", "two")
            #expect(try place.run("aura", "storage", "get", profile, "first").output.contains("one"))
            #expect(try place.run("aura", "storage", "get", profile, "second").output.contains("two"))
            // By AWS's own tools, and not by the profile.
            let rotated = try place.taken().filter { $0.action == "kms:RotateKeyOnDemand" }
            place.expect(try place.taken(), asAllowed: try place.allowed("./wrapped.yaml"), besides: rotated)
        }

        @Test("another key of KMS and a password are refused, and say why")
        func refused() throws {
            let profile = "profile:./wrapped.yaml"
            try write(wrapped(by: key))
            try place.run("aura", "keys", "create", profile, "notes")
            try write("handler: stored, password: other")
            #expect(try place.run("aura", "keys", "list", profile, exitCode: 1).errors.contains("a wrapping key"))
            let said = try PeerProgram(place.server)
                .run("python3", [PeerProgram.script, "secrets", "\(place.prefix)/other"])
            let other = try #require(try JSONDecoder().decode([String: String].self, from: Data(said.utf8))["key"])
            try write(wrapped(by: other))
            // The tests' server refuses it so, and KMS as 'IncorrectKeyException'.
            let failure = try place.run("aura", "keys", "list", profile, exitCode: 1).errors
            #expect(failure.contains("permissionDenied"))
            try write(wrapped(by: "alias/none"))
            #expect(try place.run("aura", "keys", "list", profile, exitCode: 66).errors.contains("Create the key"))
        }
    }
}
#endif
