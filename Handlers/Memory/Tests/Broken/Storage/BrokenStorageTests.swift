internal import AuraConformance
internal import AuraEffects
internal import Testing

@Suite("Each law of storage finds a broken storage that no other law finds")
struct BrokenStorageTests {
    private static let check = MutationCheck(laws: StorageLaw.all, defects: StorageDefect.all, sample: 6)

    @Test("every law has a storage that breaks it")
    func coverage() {
        Self.check.expectEveryLawHasADefect()
    }

    @Test("a storage that is not broken breaks none", arguments: StorageLaw.applicable(to: BrokenDiskHarness()))
    func sound(_ law: StorageLaw) async throws {
        try await law.check(BrokenDiskHarness())
    }

    @Test("a broken storage breaks its law alone", arguments: StorageDefect.all)
    func mutation(_ defect: StorageDefect) async throws {
        try await Self.check.expectOnlyItsLaw(finds: defect)
    }
}
