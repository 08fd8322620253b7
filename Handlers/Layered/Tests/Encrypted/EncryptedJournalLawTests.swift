#if OpenSSL
internal import AuraConformance
internal import AuraEffects
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

    @Test("the law that is not kept is one of the suite")
    func unkeptLaw() {
        #expect(JournalLaw.all.count { $0.name == Self.unkept } == 1)
    }
}
#endif
