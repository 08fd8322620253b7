#if OpenSSL
internal import AuraEffects
internal import AuraMemory
internal import AuraOpenSSL
internal import AuraRuntime
internal import Testing

@testable internal import AuraLayered

@Suite("Verifying signed journals", .timeLimit(.minutes(5)))
struct SignedVerificationTests {
    /// The entries of a journal that one node has written and signed in three groups.
    private func written(by writer: SigningNode) async throws -> [JournalEntry] {
        let journal = try await writer.open(trusting: [])
        for group in 0..<3 {
            try await journal.note(group * 10..<group * 10 + 2)
            _ = try await journal.entries(beyond: JournalFrontier(), limit: 1)
        }
        await journal.close()
        return try await writer.base.everything()
    }

    /// What is wrong with entries that somebody put where another node keeps its journal.
    private func problems(
        _ entries: [JournalEntry],
        trusting keys: [TrustedKey]?
    ) async throws -> [VerificationReport.Problem] {
        let archive = try await SigningNode(99)
        _ = try await archive.base.merge(JournalBatch(entries: entries))
        let journal = try await archive.open(trusting: keys)
        let report = try await journal.verify()
        #expect(report.checkedEntries == entries.count)
        return report.problems
    }

    @Test("a sound copy has no problem, whether signatures are required or not")
    func sound() async throws {
        let writer = try await SigningNode(1)
        let entries = try await written(by: writer)
        #expect(entries.signatures == [3, 6, 9])
        #expect(try await problems(entries, trusting: [writer.trustedKey]) == [])
        #expect(try await problems(entries, trusting: nil) == [])
    }

    @Test("entries above the last signature are reported, where signatures are required")
    func tail() async throws {
        let writer = try await SigningNode(1)
        var entries = try await written(by: writer)
        var forger = Forger(after: entries[8])
        entries += forger.notes(50..<53)
        #expect(try await problems(entries, trusting: nil) == [])
        let found = try await problems(entries, trusting: [writer.trustedKey])
        #expect(found.map(\.position) == [Position(rawValue: 10)])
        #expect(found.first?.message.contains("of origin \(writer.origin) from sequence 10 to 12") == true)
    }

    @Test("a chain that was written anew around the signatures of the true one is reported")
    func rewritten() async throws {
        let writer = try await SigningNode(1)
        let entries = try await written(by: writer)
        var forger = Forger(writer.origin)
        let rewritten = entries.map { entry in
            var draft = JournalEntry.Draft(id: entry.id, kind: entry.kind, payload: entry.payload ?? [])
            if entry.sequence == 4 { draft.payload = Array("altered".utf8) }
            return forger.entry(draft, in: entry.stream)
        }
        for keys in [nil, [writer.trustedKey]] {
            let found = try await problems(rewritten, trusting: keys)
            #expect(
                found.first?.position == Position(rawValue: 3),
                "the timestamps are others, so that no hash is the same"
            )
            #expect(found.count(where: { $0.message.contains("is not true") }) == 3)
        }
    }

    @Test("a chain that was signed anew by another key is reported, and the key named")
    func signedAnew() async throws {
        let writer = try await SigningNode(1)
        let thief = try await SigningNode(1)
        let entries = try await written(by: thief)
        let found = try await problems(entries, trusting: [writer.trustedKey])
        #expect(found.map(\.position) == [Position(rawValue: 9)])
        #expect(found.first?.message.contains(TrustedKey.line(writer.origin, thief.trustedKey.publicKey)) == true)
        let unknown = try await problems(entries, trusting: [])
        #expect(unknown.count == 1)
    }

    @Test("what a journal has yet to sign is no problem: it is signed first where that is required")
    func own() async throws {
        let writer = try await SigningNode(1)
        let required = try await writer.open(trusting: [])
        try await required.note(0..<3)
        #expect(try await required.verify().problems == [])
        #expect(try await writer.base.everything().signatures == [4])
        let plain = try await SigningNode(2)
        let journal = try await plain.open()
        try await journal.note(0..<3)
        #expect(try await journal.verify().problems == [])
        #expect(try await journal.verify().checkedEntries == 3)
    }

    @Test("a head that cannot be signed is reported")
    func keyless() async throws {
        let writer = try await SigningNode(1)
        let journal = try await writer.open(trusting: [])
        try await journal.note(0..<3)
        writer.vault.lose("device", version: 1)
        let report = try await journal.verify()
        #expect(report.problems.map(\.position) == [nil])
        #expect(report.problems.first?.message.contains("cannot be signed") == true)
    }
}
#endif
