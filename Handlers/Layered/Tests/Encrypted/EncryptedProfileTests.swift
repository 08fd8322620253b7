#if OpenSSL && SQLite
internal import AuraEffects
internal import AuraFileSystem
internal import AuraLayered
internal import AuraOpenSSL
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import Foundation
internal import Testing

@Suite("Profiles with encryption")
struct EncryptedProfileTests {
    private let folder: TemporaryFolder
    private let registry = HandlerRegistry {
        FileSystemHandlers()
        LayeredHandlers()
        OpenSSLHandlers()
        SQLiteHandlers()
        SystemHandlers()
    }

    private static let keys = """
        crypto: { handler: openssl }
        keys:
          handler: stored
          password: "${secret:KEYS_PASSWORD}"
          derivation: pbkdf2
          iterations: 10000
          over: { handler: sqlite, path: FOLDER/keys.db }

        """
    private static let data = """
        storage: { handler: encrypted, key: notes, over: { handler: filesystem, path: FOLDER/values } }
        journal: { handler: encrypted, key: notes, over: { handler: sqlite, path: FOLDER/journal.db } }

        """

    init() throws {
        folder = try TemporaryFolder()
    }

    private func run(
        _ handlers: String,
        password: String = "correct horse",
        _ body: (EffectSystem) async throws -> Void
    ) async throws {
        let yaml = """
            profile: test
            environment: mobile
            \(handlers)
            time: { handler: system }
            random: { handler: system }
            """
        let profile = try Profile(yaml: yaml.replacing("FOLDER", with: folder.path), file: "test.yaml")
        let variables = ["KEYS_PASSWORD": password]
        let assembly = try Assembly(profile, registry, needs: [], variables: variables, machine: MachineLimits())
        try await assembly.withEffects(logger: HandlerContext.system.logger) { effects, _ in try await body(effects) }
    }

    @Test("data and keys last over starts, and are lost to who has another password or no key")
    func starts() async throws {
        let early = await #expect(throws: EffectError.self) { try await run(Self.data + Self.keys) { _ in } }
        #expect(early?.code == .unauthenticated)
        #expect(early?.message.contains("aura keys create LOCATION notes") == true)
        try await run(Self.keys) { _ = try await $0.keys.createKey("notes", .hmacSHA256) }
        let draft = JournalEntry.Draft(
            id: EntryID(time: HandlerContext.system.time, random: HandlerContext.system.random),
            kind: "note/1",
            payload: Array("a payload in the journal".utf8)
        )
        try await run(Self.data + Self.keys) { effects in
            try await effects.storage.write(Array("a value in the storage".utf8), to: "k")
            try await effects.journal.append([draft], to: "s")
        }
        try await run(Self.keys) { _ = try await $0.keys.rotateKey("notes") }
        try await run(Self.data + Self.keys) { effects in
            #expect(try await effects.storage.read("k")?.bytes == Array("a value in the storage".utf8))
            #expect(try await effects.journal.read("s", limit: 10).map(\.payload) == [draft.payload])
            let receipt = try await effects.journal.append([draft], to: "s")
            #expect(receipt.lastRevision == .first)
            #expect(try await effects.journal.maintenance?.identity().isCopy == false)
        }
        let wrong = await #expect(throws: EffectError.self) {
            try await run(Self.data + Self.keys, password: "wrong") { _ in }
        }
        #expect(wrong?.code == .unauthenticated)
        try expectHidden(["a value in the storage", "a payload in the journal"])
    }

    /// Looks for texts in every file.
    private func expectHidden(_ texts: [String]) throws {
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        var fileCount = 0
        for name in names {
            guard let data = FileManager.default.contents(atPath: "\(folder.path)/\(name)") else { continue }
            fileCount += 1
            for text in texts { #expect(data.range(of: Data(text.utf8)) == nil, "\(name) shows '\(text)'") }
        }
        #expect(fileCount >= 3)
    }

    @Test("a profile with encryption and without keys is refused by name")
    func missingFamilies() async throws {
        let error = await #expect(throws: ProfileErrors.self) { try await run(Self.data) { _ in } }
        let text = String(describing: error)
        #expect(text.contains("crypto") && text.contains("keys"), "\(text)")
    }
}
#endif
