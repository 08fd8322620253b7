#if SQLite && OpenSSL && Argon2
internal import AuraEffects
internal import Foundation
internal import Testing

/// The journal commands on a journal that requires signatures.
struct SignedJournalTests {
    let place: Workplace

    init() throws {
        place = try Workplace()
        try writeProfile(trusted: [])
    }

    private func writeProfile(trusted: [String]) throws {
        let lines = trusted.map { "\"\($0)\"" }.joined(separator: ", ")
        try place.write(
            """
            profile: signed
            environment: embedded
            crypto: { handler: openssl }
            keys: { handler: stored, password: "${secret:KEYS_PASSWORD}", over: { handler: filesystem, path: keys } }
            journal:
              handler: signed
              key: device
              required: true
              trusted: [\(lines)]
              over: { handler: sqlite, path: journal.db }
            time: { handler: system }
            random: { handler: system }
            """,
            to: "signed.yaml"
        )
    }

    private func aura(_ words: String...) throws -> AuraProcess.Outcome {
        try AuraProcess(words, in: place, variables: ["KEYS_PASSWORD": "hunter2"]).wait()
    }

    @Test("verify signs the own head, and reports what no signature covers with the line that would trust it")
    func verify() async throws {
        #expect(try aura("keys", "create", "profile:signed.yaml", "device", "--algorithm", "ed25519").code == 0)

        try await place.append(["one", "two"], of: "journal.db")
        let clean = try aura("journal", "verify", "profile:signed.yaml", "--json")
        #expect(clean.code == 0, "\(clean.errors)")
        #expect(try clean.json["entries"] as? Int == 3)
        let entries = try await place.entries(of: "journal.db")
        #expect(entries.map(\.kind).last == "aura.head/1")

        // Somebody puts entries of another journal there, past the signed one.
        try await place.append(["forged"], of: "other.db")
        let batch = try await place.withJournal("other.db") { journal, _ in
            try await journal.entries(beyond: JournalFrontier(), limit: 10)
        }
        try await place.withJournal("journal.db") { journal, _ in _ = try await journal.merge(batch) }
        let damaged = try aura("journal", "verify", "profile:signed.yaml")
        #expect(damaged.code == 65)
        let origin = try #require(batch.entries.first?.origin)
        let uncovered = "position 4: No signature of a trusted key covers the entries of origin \(origin)"
        #expect(damaged.output.contains(uncovered))

        // What the commands print makes a line of the profile.
        let info = try aura("journal", "info", "profile:signed.yaml", "--json").json
        let own = try #require(info["origin"] as? String)
        let hex = try aura("keys", "export-public", "profile:signed.yaml", "device", "--hex").output
        try writeProfile(trusted: ["\(own) \(hex.dropLast())"])
        #expect(try aura("journal", "info", "profile:signed.yaml").code == 0)
    }
}
#endif
