#if OpenSSL
internal import AuraConformance
internal import AuraEffects
internal import Testing

@Suite("The laws on signed journals")
struct SignedJournalLawTests {
    /// What counts the entries after the journal was closed, which ends with a signature: ``SignedFileTests`` has the like.
    static let closed: Set<String> = [
        "a reopened journal holds what it held and goes on where it was",
        "an append repeated after a reopening returns the first receipt",
        "compactions are kept over a reopening",
        "merged entries are kept over a reopening",
    ]

    /// What counts the entries after it has asked for the frontier, before which a requiring journal signs.
    static let asked: Set<String> = [
        "an append fails and leaves nothing where its expectation does not hold",
        "the frontier is the last sequence and hash of each origin",
        "a verification counts every entry and finds nothing wrong in a sound journal",
        "a compaction leaves chain and frontier as they were",
    ]

    private static func laws(_ harness: any ConformanceHarness<any JournalEffects>) -> [JournalLaw] {
        JournalLaw.applicable(to: harness).filter { !closed.contains($0.name) }
    }

    /// Laws of replication exchange entries that nobody has signed: ``SignedMergeTests`` has what holds in their place.
    private static func requiredLaws(_ harness: any ConformanceHarness<any JournalEffects>) -> [JournalLaw] {
        JournalLaw.applicable(to: harness)
            .filter { !asked.contains($0.name) && !$0.requirements.contains(.capability(.replication)) }
    }

    @Test("over memory", arguments: laws(SignedJournalHarness(MemoryGround())))
    func memory(_ law: JournalLaw) async throws {
        try await law.check(SignedJournalHarness(MemoryGround()))
    }

    #if SQLite
    @Test("over SQLite", arguments: laws(SignedJournalHarness(try SQLiteGround())))
    func database(_ law: JournalLaw) async throws {
        try await law.check(SignedJournalHarness(try SQLiteGround()))
    }
    #endif

    @Test("where signatures are required", arguments: requiredLaws(RequiringJournalHarness()))
    func required(_ law: JournalLaw) async throws {
        try await law.check(RequiringJournalHarness())
    }

    @Test("the laws that are left out are those of the suite")
    func leftOut() {
        let names = Set(JournalLaw.all.map(\.name))
        #expect(Self.closed.union(Self.asked).isSubset(of: names))
    }
}
#endif
