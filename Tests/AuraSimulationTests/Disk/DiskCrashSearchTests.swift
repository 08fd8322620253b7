internal import AuraRuntime
internal import AuraSQLite
internal import AuraSimulation
internal import Testing

@Suite("Handlers on disks that fail")
struct DiskCrashSearchTests {
    private static let seeds = diskSeeds(6, soak: 1000)

    private static let ioErrors: DiskFaults = {
        var faults = DiskFaults()
        faults.readError = 0.005
        faults.writeError = 0.01
        faults.syncError = 0.03
        faults.nameError = 0.005
        return faults
    }()

    @Test("a journal on SQLite loses, doubles and reorders nothing over power failures", arguments: seeds)
    func journal(seed: UInt64) async {
        await expectNoProblems(JournalCrashRun(seed: seed))
    }

    @Test("a journal on SQLite loses nothing where a sector is torn within", arguments: seeds)
    func journalTornSectors(seed: UInt64) async {
        var plan = JournalCrashRun.Plan()
        plan.disk.tearsSectors = true
        plan.disk.sectorSize = 4096
        await expectNoProblems(JournalCrashRun(seed: seed, plan))
    }

    @Test("a journal on SQLite loses nothing over I/O errors and power failures", arguments: seeds)
    func journalErrors(seed: UInt64) async {
        var plan = JournalCrashRun.Plan()
        plan.faults = Self.ioErrors
        await expectNoProblems(JournalCrashRun(seed: seed, plan))
    }

    @Test("a journal on SQLite loses nothing on a full disk", arguments: seeds)
    func journalFull(seed: UInt64) async {
        var plan = JournalCrashRun.Plan()
        plan.room = 100_000
        await expectNoProblems(JournalCrashRun(seed: seed, plan))
    }

    @Test(
        "storage loses no acknowledged write over power failures",
        arguments: DiskStorageHarness.Technology.allCases,
        seeds
    )
    func storage(_ technology: DiskStorageHarness.Technology, seed: UInt64) async {
        var plan = StorageCrashRun.Plan()
        plan.technology = technology
        await expectNoProblems(StorageCrashRun(seed: seed, plan))
    }

    @Test(
        "storage loses no acknowledged write over I/O errors and power failures",
        arguments: DiskStorageHarness.Technology.allCases,
        seeds
    )
    func storageErrors(_ technology: DiskStorageHarness.Technology, seed: UInt64) async {
        var plan = StorageCrashRun.Plan()
        plan.technology = technology
        plan.faults = Self.ioErrors
        await expectNoProblems(StorageCrashRun(seed: seed, plan))
    }

    @Test(
        "storage loses no acknowledged write on a full disk",
        arguments: DiskStorageHarness.Technology.allCases,
        seeds
    )
    func storageFull(_ technology: DiskStorageHarness.Technology, seed: UInt64) async {
        var plan = StorageCrashRun.Plan()
        plan.technology = technology
        plan.room = 50_000
        await expectNoProblems(StorageCrashRun(seed: seed, plan))
    }

    @Test(
        "storage that is not durable leaves nothing half-written over I/O errors and power failures",
        arguments: DiskStorageHarness.Technology.allCases,
        seeds
    )
    func lazyStorage(_ technology: DiskStorageHarness.Technology, seed: UInt64) async {
        var plan = StorageCrashRun.Plan()
        plan.technology = technology
        plan.isDurable = false
        plan.faults = Self.ioErrors
        await expectNoProblems(StorageCrashRun(seed: seed, plan))
    }

    private func expectNoProblems(_ run: some DiskCrashRun, sourceLocation: SourceLocation = #_sourceLocation) async {
        let problems = await run.problems()
        #expect(problems.isEmpty, "\(problems.joined(separator: "; "))", sourceLocation: sourceLocation)
    }

    // MARK: That it finds what is wrong

    @Test("a disk that lies about its syncs is found out under the journal")
    func lyingDiskUnderJournal() async {
        var plan = JournalCrashRun.Plan()
        plan.faults.liesAboutSync = true
        #expect(await firstSeed { seed in await JournalCrashRun(seed: seed, plan).problems() } != nil)
    }

    @Test("a journal whose commits are not synced is found out")
    func unsyncedJournal() async {
        var plan = JournalCrashRun.Plan()
        plan.synchronous = .off
        #expect(await firstSeed { seed in await JournalCrashRun(seed: seed, plan).problems() } != nil)
    }

    @Test(
        "a disk that lies about its syncs is found out under storage",
        arguments: DiskStorageHarness.Technology.allCases
    )
    func lyingDiskUnderStorage(_ technology: DiskStorageHarness.Technology) async {
        var plan = StorageCrashRun.Plan()
        plan.technology = technology
        plan.faults.liesAboutSync = true
        #expect(await firstSeed { seed in await StorageCrashRun(seed: seed, plan).problems() } != nil)
    }

    /// The first of twenty seeds that finds a problem.
    private func firstSeed(_ problems: (UInt64) async -> [String]) async -> UInt64? {
        for seed in 0..<20 as Range<UInt64> where await !problems(seed).isEmpty { return seed }
        return nil
    }
}
