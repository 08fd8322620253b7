#if SQLite && OpenSSL && Argon2
internal import Foundation
internal import Testing

/// `keys create`, `list`, `rotate` and `export-public`.
struct KeysTests {
    let place: Workplace

    private static let profile = "profile:keys.yaml"

    init() throws {
        place = try Workplace()
        try place.write(
            """
            profile: keys
            environment: embedded
            crypto: { handler: openssl }
            keys: { handler: stored, password: "${secret:KEYS_PASSWORD}", over: { handler: filesystem, path: keys } }
            time: { handler: system }
            random: { handler: system }
            """,
            to: "keys.yaml"
        )
    }

    private func keys(_ arguments: String..., password: String = "hunter2") throws -> AuraProcess.Outcome {
        let words = ["keys", arguments[0], Self.profile] + arguments.dropFirst()
        return try AuraProcess(words, in: place, variables: ["KEYS_PASSWORD": password]).wait()
    }

    @Test("keys are created, rotated and listed, and nothing of them is secret")
    func versions() throws {
        #expect(try keys("create", "notes").output == "created notes, version 1, for hmacSHA256\n")
        #expect(try keys("rotate", "notes", "--json").json["version"] as? Int == 2)
        #expect(try keys("create", "releases", "--algorithm", "ed25519").code == 0)
        let listed = try keys("list", "--json").jsonLines
        #expect(listed.map { $0["name"] as? String } == ["notes", "notes", "releases"])
        #expect(listed.map { $0["version"] as? Int } == [1, 2, 1])
        #expect(Set(listed.flatMap(\.keys)) == ["name", "version", "algorithm", "created"])
        #expect(try keys("list").lines.count == 4)
    }

    @Test(
        "a public key is one that openssl reads, and a key without one says so",
        arguments: ["ed25519", "p256", "x25519"]
    )
    func exported(_ algorithm: String) throws {
        #expect(try keys("create", "pair", "--algorithm", algorithm).code == 0)
        let exported = try keys("export-public", "pair")
        try place.write(exported.output, to: "pair.pem")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl", "pkey", "-pubin", "-in", place.file("pair.pem"), "-outform", "DER"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let json = try keys("export-public", "pair", "--json").json
        #expect(json["subjectPublicKeyInfo"] as? String == bytes.base64EncodedString())
        let digits = try #require(json["publicKey"] as? String)
        #expect(try keys("export-public", "pair", "--hex").output == digits + "\n")
        #expect(try keys("create", "notes").code == 0)
        #expect(try keys("export-public", "notes").code == 1)
    }

    @Test("what is wrong says so, and what to do")
    func refusals() throws {
        #expect(try keys("list").code == 66)
        #expect(try keys("create", "notes").code == 0)
        let taken = try keys("create", "notes", "--json")
        #expect(taken.code == 1)
        #expect(try taken.jsonError["code"] as? String == "conflict")
        #expect(try keys("rotate", "others").code == 66)
        #expect(try keys("create", "no name").code == 64)
        #expect(try keys("create", "more", "--algorithm", "rot13").code == 64)
        let wrong = try keys("list", password: "hunter3")
        #expect(wrong.code == 1)
        #expect(wrong.errors.contains("unauthenticated"))
        #expect(!wrong.errors.contains("hunter"))
        let folder = try FileManager.default.subpathsOfDirectory(atPath: place.file("keys"))
        #expect(!folder.isEmpty)
    }

    @Test("a profile whose handler works with keys or crypto and has none is refused by name")
    func unmet() throws {
        try place.write(
            """
            profile: keys
            environment: embedded
            keys: { handler: stored, password: x, over: { handler: memory } }
            """,
            to: "keys.yaml"
        )
        let outcome = try keys("list")
        #expect(outcome.code == 78)
        #expect(outcome.errors.contains("'stored' works with 'crypto', and the profile has none"))
        #expect(outcome.errors.contains("linked: openssl"))
    }
}
#endif
