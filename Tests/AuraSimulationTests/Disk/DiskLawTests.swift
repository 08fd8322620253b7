internal import AuraConformance
internal import AuraEffects
internal import AuraRuntime
internal import AuraSimulation
internal import Testing

@Suite("The laws on simulated disks")
struct DiskLawTests {
    private static let seeds = diskSeeds(2, soak: 50)
    private static let journal = DiskJournalHarness(seed: 0)

    private static func storageLaws(_ technology: DiskStorageHarness.Technology) -> [StorageLaw] {
        StorageLaw.applicable(to: DiskStorageHarness(technology, seed: 0))
    }

    @Test("no law is left out but those of what the handlers do declare")
    func coverage() {
        let declared: [Capability] = [.snapshots, .compaction, .replication]
        let lacking = Set(declared.map { LawRequirement.lacks($0) })
        #expect(Set(JournalLaw.all.flatMap { $0.unmetRequirements(of: Self.journal) }).isSubset(of: lacking))
        for technology in DiskStorageHarness.Technology.allCases {
            let harness = DiskStorageHarness(technology, seed: 0)
            #expect(Set(StorageLaw.all.flatMap { $0.unmetRequirements(of: harness) }) == [.lacks(.transactions)])
        }
    }

    @Test("journal on SQLite", arguments: JournalLaw.applicable(to: DiskJournalHarness(seed: 0)), seeds)
    func journal(_ law: JournalLaw, seed: UInt64) async throws {
        guard seed == 0 || law.isOfCrashes else { return }
        try await inSimulation(seed) { try await law.check(DiskJournalHarness(seed: seed)) }
    }

    @Test("storage on SQLite", arguments: storageLaws(.sqlite), seeds)
    func sqliteStorage(_ law: StorageLaw, seed: UInt64) async throws {
        guard seed == 0 || law.isOfCrashes else { return }
        try await inSimulation(seed) { try await law.check(DiskStorageHarness(.sqlite, seed: seed)) }
    }

    @Test("storage on files", arguments: storageLaws(.files), seeds)
    func fileStorage(_ law: StorageLaw, seed: UInt64) async throws {
        guard seed == 0 || law.isOfCrashes else { return }
        try await inSimulation(seed) { try await law.check(DiskStorageHarness(.files, seed: seed)) }
    }

    @Test("storage on files with a checkpoint every few writes", arguments: storageLaws(.filesCheckpointing), seeds)
    func checkpointingStorage(_ law: StorageLaw, seed: UInt64) async throws {
        guard seed == 0 || law.isOfCrashes else { return }
        try await inSimulation(seed) { try await law.check(DiskStorageHarness(.filesCheckpointing, seed: seed)) }
    }

    private func inSimulation(_ seed: UInt64, _ check: @escaping @Sendable () async throws -> Void) async throws {
        let configuration = SimulationConfiguration(stepCost: .upTo(.microseconds(20)))
        try await Simulation(seed: seed, configuration: configuration).run(check)
    }
}

extension Law {
    /// Whether the law depends on what a crash leaves, which depends on the seed.
    fileprivate var isOfCrashes: Bool { requirements.contains(.ability(.crash)) }
}
