internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSystem
internal import Testing

@Suite("The laws on the memory handlers")
struct MemoryLawTests {
    @Test("journal", arguments: JournalLaw.applicable(to: MemoryJournalHarness()))
    func journal(_ law: JournalLaw) async throws {
        try await law.check(MemoryJournalHarness())
    }

    @Test("storage", arguments: StorageLaw.applicable(to: MemoryStorageHarness()))
    func storage(_ law: StorageLaw) async throws {
        try await law.check(MemoryStorageHarness())
    }

    @Test("network", arguments: NetworkLaw.applicable(to: MemoryNetworkHarness()))
    func network(_ law: NetworkLaw) async throws {
        try await law.check(MemoryNetworkHarness())
    }

    @Test("manual time", arguments: TimeLaw.applicable(to: ManualTimeHarness()))
    func time(_ law: TimeLaw) async throws {
        try await law.check(ManualTimeHarness())
    }

    @Test("seeded random", arguments: RandomLaw.applicable(to: SeededRandomHarness()))
    func random(_ law: RandomLaw) async throws {
        try await law.check(SeededRandomHarness())
    }

    @Test("only what outlives a process does not apply to memory")
    func coverage() {
        let survival: Set<LawRequirement> = [
            .ability(.reopen), .ability(.crash), .ability(.share), .ability(.damage), .capability(.durable),
        ]
        let declared: Set<LawRequirement> = [.lacks(.snapshots), .lacks(.compaction), .lacks(.replication)]
        #expect(unmet(JournalLaw.all, MemoryJournalHarness()) == survival.union(declared).union([.ability(.stall)]))
        #expect(unmet(StorageLaw.all, MemoryStorageHarness()) == survival.union([.lacks(.transactions)]))
        #expect(unmet(NetworkLaw.all, MemoryNetworkHarness()).isEmpty)
        #expect(unmet(TimeLaw.all, ManualTimeHarness()) == [.ability(.stepWallClock)])
        #expect(unmet(RandomLaw.all, SeededRandomHarness()) == [.capability(.unpredictable)])
    }

    private func unmet<Handler>(
        _ laws: [Law<Handler>],
        _ harness: any ConformanceHarness<Handler>
    ) -> Set<LawRequirement> {
        Set(laws.flatMap { $0.unmetRequirements(of: harness) })
    }
}
