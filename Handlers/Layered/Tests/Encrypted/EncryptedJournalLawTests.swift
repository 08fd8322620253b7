#if OpenSSL
internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("The laws on encrypted journals")
struct EncryptedJournalLawTests {
    /// What cannot be kept: nothing of a compacted payload is left to compare with.
    static let unkept = "ids of compacted entries are still known"

    private static func laws(_ harness: any ConformanceHarness<any JournalEffects>) -> [JournalLaw] {
        JournalLaw.applicable(to: harness).filter { $0.name != unkept }
    }

    @Test("over memory", arguments: laws(EncryptedJournalHarness(MemoryGround())))
    func memory(_ law: JournalLaw) async throws {
        try await law.check(EncryptedJournalHarness(MemoryGround()))
    }

    #if SQLite
    @Test("over SQLite", arguments: laws(EncryptedJournalHarness(try SQLiteGround())))
    func database(_ law: JournalLaw) async throws {
        try await law.check(EncryptedJournalHarness(try SQLiteGround()))
    }
    #endif

    @Test("answers over memory are those of memory itself")
    func difference() async throws {
        try await compare { EncryptedJournalHarness(MemoryGround()) }
    }

    #if SQLite
    @Test("answers over SQLite are those of memory")
    func differenceOfDatabases() async throws {
        try await compare { EncryptedJournalHarness(try SQLiteGround()) }
    }
    #endif

    private func compare(_ subject: @escaping DifferentialTest.HarnessMaker<any JournalEffects>) async throws {
        let summary = try await DifferentialTest.journal(
            reference: { MemoryJournalReference() },
            subject: subject,
            sequences: 50
        )
        #expect(summary.sequenceCount == 50)
        for answer in ["reopen", "compact", "transfer", "transfer: conflict", "append: conflict", "entries"] {
            #expect(summary.answers[answer, default: 0] > 0, "\(answer)")
        }
    }

    @Test("the law that is not kept is one of the suite")
    func unkeptLaw() {
        #expect(JournalLaw.all.count { $0.name == Self.unkept } == 1)
    }
}

private struct MemoryJournalReference: JournalHarness {
    var capabilities: Capabilities { MemoryJournalHandler.capabilities }

    func make() async throws -> any JournalEffects {
        MemoryJournalHandler(time: HandlerContext.system.time, random: HandlerContext.system.random)
    }

    func finish() async {}
}
#endif
