#if OpenSSL && SQLite
internal import AuraEffects
internal import AuraFileSystem
internal import AuraOpenSSL
internal import AuraRuntime
internal import AuraSQLite
internal import AuraSystem
internal import Foundation
internal import Testing

@testable internal import AuraLayered

@Suite("Profiles with signatures")
struct SignedProfileTests {
    private let folder: TemporaryFolder
    private let registry = HandlerRegistry {
        FileSystemHandlers()
        LayeredHandlers()
        OpenSSLHandlers()
        SQLiteHandlers()
        SystemHandlers()
    }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func run(
        _ node: String,
        journal: String? = nil,
        _ body: (EffectSystem) async throws -> Void
    ) async throws {
        let path = "\(folder.path)/\(node)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let yaml = """
            profile: test
            environment: mobile
            crypto: { handler: openssl }
            keys:
              handler: stored
              password: "${secret:KEYS_PASSWORD}"
              derivation: pbkdf2
              iterations: 10000
              over: { handler: sqlite, path: \(path)/keys.db }
            time: { handler: system }
            random: { handler: system }
            \(journal.map { "journal: { handler: signed, key: device, \($0), over: { handler: sqlite, path: \(path)/j.db } }" } ?? "")
            """
        let profile = try Profile(yaml: yaml, file: "test.yaml")
        let assembly = try Assembly(
            profile,
            registry,
            needs: [],
            variables: ["KEYS_PASSWORD": "correct horse"],
            machine: MachineLimits()
        )
        try await assembly.withEffects(logger: HandlerContext.system.logger) { effects, _ in try await body(effects) }
    }

    @Test("two profiles that trust each other's keys exchange entries over starts")
    func trust() async throws {
        var lines: [String] = []
        for node in ["a", "b"] {
            try await run(node) { _ = try await $0.keys.createKey("device", .ed25519) }
            try await run(node, journal: "interval: 5ms") { effects in
                try await effects.journal.note(0..<3)
                let origin = try #require(try await effects.journal.maintenance?.identity().origin)
                let key = try await effects.keys.key("device", version: nil)
                lines.append(TrustedKey.line(origin, try await effects.crypto.publicKey(of: key.id)))
            }
        }
        var exported: JournalBatch?
        try await run("a", journal: "required: true, trusted: [\"\(lines[1])\"]") { effects in
            let batch = try await effects.journal.entries(beyond: JournalFrontier(), limit: 100)
            exported = batch
            #expect(batch.entries.count == 4)
        }
        let batch = try #require(exported)
        try await run("b", journal: "required: true, trusted: [\"\(lines[0])\", \"\(lines[1])\"]") { effects in
            let receipt = try await effects.journal.merge(batch)
            #expect(receipt.added == 4)
            #expect(try await effects.journal.verify().problems == [])
        }
        let untrusting = try await refusal {
            try await run("c") { _ = try await $0.keys.createKey("device", .ed25519) }
            try await run("c", journal: "required: true") { _ = try await $0.journal.merge(batch) }
        }
        #expect(untrusting.code == .permissionDenied)
        #expect(untrusting.message.contains(lines[0]))
    }

    @Test("a line that is no origin and key, or a journal without keys, is refused by name")
    func wrongLines() async throws {
        try await run("a") { _ = try await $0.keys.createKey("device", .ed25519) }
        let line = try await refusal { try await run("a", journal: "trusted: [\"abc def\"]") { _ in } }
        #expect(line.code == .invalidArgument)
        #expect(line.message.contains("'abc def'"))
        let missing = try await refusal { try await run("b", journal: "required: false") { _ in } }
        #expect(missing.code == .unauthenticated)
        #expect(missing.message.contains("aura keys create LOCATION device --algorithm ed25519"))
    }
}
#endif
