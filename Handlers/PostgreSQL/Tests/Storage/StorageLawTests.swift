#if PostgreSQL
internal import AuraConformance
internal import AuraEffects
internal import AuraPostgreSQL
internal import Testing

@Suite("The laws of storage on PostgreSQL")
struct StorageLawTests {
    @Test("no law is left out but those of what PostgreSQL does declare")
    func coverage() throws {
        let storage = try PostgreSQLStorageHarness()
        #expect(Set(StorageLaw.all.flatMap { $0.unmetRequirements(of: storage) }) == [.lacks(.transactions)])
    }

    @Test("storage", arguments: StorageLaw.applicable(to: try PostgreSQLStorageHarness()))
    func storage(_ law: StorageLaw) async throws {
        try await law.check(try PostgreSQLStorageHarness())
    }
}
#endif
