#if SQLite
internal import AuraConformance
internal import AuraEffects
internal import AuraSQLite
internal import Testing

@Suite("The laws on SQLite")
struct SQLiteLawTests {
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
}
#endif
