#if PostgreSQL
internal import AuraConformance
internal import AuraEffects
internal import AuraPostgreSQL
internal import Testing

@Suite("The laws of the journal on PostgreSQL")
struct JournalLawTests {
    @Test("no law is left out but those of what PostgreSQL does declare")
    func coverage() {
        let harness = PostgreSQLJournalHarness()
        let declared: [Capability] = [.snapshots, .compaction, .replication]
        let unmet = Set(JournalLaw.all.flatMap { $0.unmetRequirements(of: harness) })
        #expect(unmet.isSubset(of: Set(declared.map { LawRequirement.lacks($0) })))
    }

    @Test("journal", arguments: JournalLaw.applicable(to: PostgreSQLJournalHarness()))
    func journal(_ law: JournalLaw) async throws {
        try await law.check(PostgreSQLJournalHarness())
    }
}
#endif
