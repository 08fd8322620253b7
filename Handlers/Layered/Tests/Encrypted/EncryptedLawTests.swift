#if OpenSSL
internal import AuraConformance
internal import AuraEffects
internal import AuraLayered
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("The laws on encrypted storage")
struct EncryptedLawTests {
    @Test("over memory", arguments: StorageLaw.applicable(to: EncryptedStorageHarness(MemoryGround())))
    func memory(_ law: StorageLaw) async throws {
        try await law.check(EncryptedStorageHarness(MemoryGround()))
    }

    @Test("over files", arguments: StorageLaw.applicable(to: EncryptedStorageHarness(try FolderGround())))
    func files(_ law: StorageLaw) async throws {
        try await law.check(EncryptedStorageHarness(try FolderGround()))
    }

    @Test(
        "over files, beside housekeeping",
        arguments: StorageLaw.applicable(to: EncryptedStorageHarness(try FolderGround())).sampled(every: 4)
    )
    func server(_ law: StorageLaw) async throws {
        let budget = ResourceBudget(memoryLimit: .mebibytes(512), cpuQuota: 1, ioQuota: .mebibytes(100))
        try await law.check(EncryptedStorageHarness(try FolderGround(), budget: budget))
    }

    @Test("answers over memory are those of memory itself")
    func difference() async throws {
        try await compare { EncryptedStorageHarness(MemoryGround()) }
    }

    @Test("answers over files are those of memory")
    func differenceOfFiles() async throws {
        try await compare { EncryptedStorageHarness(try FolderGround()) }
    }

    #if SQLite
    @Test(
        "over SQLite",
        arguments: StorageLaw.applicable(to: EncryptedStorageHarness(try SQLiteGround())).sampled(every: 2)
    )
    func database(_ law: StorageLaw) async throws {
        try await law.check(EncryptedStorageHarness(try SQLiteGround()))
    }

    @Test("answers over SQLite are those of memory")
    func differenceOfDatabases() async throws {
        try await compare { EncryptedStorageHarness(try SQLiteGround()) }
    }

    @Test("no law is left out but the one of missing transactions")
    func coverage() throws {
        for harness in [
            EncryptedStorageHarness(try SQLiteGround()) as any ConformanceHarness<any StorageEffects>,
            EncryptedStorageHarness(try FolderGround()),
        ] {
            #expect(Set(StorageLaw.all.flatMap { $0.unmetRequirements(of: harness) }) == [.lacks(.transactions)])
        }
    }
    #endif

    private func compare(_ subject: @escaping DifferentialTest.HarnessMaker<any StorageEffects>) async throws {
        let summary = try await DifferentialTest.storage(
            reference: { MemoryStorageReference() },
            subject: subject,
            sequences: 25
        )
        #expect(summary.sequenceCount == 25)
        #expect(summary.answers["reopen", default: 0] > 0)
    }
}
#endif
