#if SQLite
internal import AuraConformance
internal import AuraEffects
internal import AuraSQLite
internal import Testing

@Suite("The laws on SQLite")
struct SQLiteLawTests {
    @Test("no law is left out but those of what SQLite does declare or has no seed and no nodes for")
    func coverage() throws {
        func unmet(_ laws: [JournalLaw], _ harness: SQLiteJournalHarness) -> Set<LawRequirement> {
            Set(laws.flatMap { $0.unmetRequirements(of: harness) })
        }
        let declared: [Capability] = [.snapshots, .compaction, .replication]
        let lacking = Set(declared.map { LawRequirement.lacks($0) })
        #expect(unmet(JournalLaw.all, try SQLiteJournalHarness()).isSubset(of: lacking))
        #expect(
            unmet(JournalLaw.all, try SQLiteJournalHarness(synchronous: .normal))
                .isSubset(of: lacking.union([.capability(.durable)]))
        )
        let storage = try SQLiteStorageHarness()
        #expect(Set(StorageLaw.all.flatMap { $0.unmetRequirements(of: storage) }) == [.lacks(.transactions)])
        let keyValues = try SQLiteKeyValueHarness()
        #expect(
            Set(KeyValueLaw.all.flatMap { $0.unmetRequirements(of: keyValues) })
                == [.lacks(.strongReads), .lacks(.transactions)]
        )
    }

    @Test("journal", arguments: JournalLaw.applicable(to: try SQLiteJournalHarness()))
    func journal(_ law: JournalLaw) async throws {
        try await law.check(try SQLiteJournalHarness())
    }

    @Test(
        "journal that is not durable",
        arguments: JournalLaw.applicable(to: try SQLiteJournalHarness(synchronous: .normal))
    )
    func lazyJournal(_ law: JournalLaw) async throws {
        try await law.check(try SQLiteJournalHarness(synchronous: .normal))
    }

    @Test("storage", arguments: StorageLaw.applicable(to: try SQLiteStorageHarness()))
    func storage(_ law: StorageLaw) async throws {
        try await law.check(try SQLiteStorageHarness())
    }

    @Test("key-values", arguments: KeyValueLaw.applicable(to: try SQLiteKeyValueHarness()))
    func keyValues(_ law: KeyValueLaw) async throws {
        try await law.check(try SQLiteKeyValueHarness())
    }
}
#endif
