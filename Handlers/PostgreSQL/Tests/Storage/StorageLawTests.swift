#if PostgreSQL
internal import AuraConformance
internal import AuraEffects
internal import AuraPostgreSQL
internal import Testing

@Suite("The laws of storage on PostgreSQL")
struct StorageLawTests {
    @Test("no law is left out but those of what PostgreSQL does declare")
    func coverage() {
        let storage = PostgreSQLStorageHarness()
        #expect(Set(StorageLaw.all.flatMap { $0.unmetRequirements(of: storage) }) == [.lacks(.transactions)])
    }

    @Test("storage", arguments: StorageLaw.applicable(to: PostgreSQLStorageHarness()))
    func storage(_ law: StorageLaw) async throws {
        try await law.check(PostgreSQLStorageHarness())
    }
}
#endif
