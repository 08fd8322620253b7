#if SQLite
internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraSQLite
internal import AuraSystem
internal import Foundation
internal import Testing

@Suite("SQLite answers as memory does")
struct DifferentialTests {
    /// Seeds of the first of 200 sequences: 20,000 sequences in a long run.
    static let seeds: [UInt64] = {
        let isLong = ProcessInfo.processInfo.environment["AURA_SOAK"] != nil
        return (0..<(isLong ? 100 : 1)).map { 1 + $0 * 200 }
    }()

    @Test("storage", arguments: seeds)
    func storage(seed: UInt64) async throws {
        let summary = try await DifferentialTest.storage(
            reference: { MemoryStorageReference() },
            subject: { try SQLiteStorageHarness() },
            seed: seed
        )
        #expect(summary.answers["reopen", default: 0] > 0)
        #expect(summary.answers["crash", default: 0] > 0)
    }

    @Test("journal", arguments: seeds)
    func journal(seed: UInt64) async throws {
        try await compareJournal(synchronous: .full, seed: seed)
    }

    // It may lose what is not synced when the machine crashes, but nothing when its process alone does.
    @Test("journal that is not durable", arguments: seeds)
    func lazyJournal(seed: UInt64) async throws {
        try await compareJournal(synchronous: .normal, seed: seed)
    }

    @Test("what differed before: a snapshot of a stream without entries")
    func foundBefore() async throws {
        let operations: [JournalOperation] = [
            .saveSnapshot("a", at: .end(), .counting(3)),
            .latestSnapshot("a"),
            .compact("a", before: .revision(1)),
            .append([.init(to: "a", [.init(0)], expecting: .empty)]),
            .reopen,
            .latestSnapshot("a"),
            .read("a", limit: 10),
            .saveSnapshot("b", at: .end(1), .counting(0)),
            .latestSnapshot("b"),
        ]
        try await DifferentialTest.journal(
            replaying: operations,
            reference: { MemoryJournalReference() },
            subject: { try SQLiteJournalHarness() }
        )
    }

    private func compareJournal(synchronous: SQLiteConfiguration.Synchronous, seed: UInt64) async throws {
        let summary = try await DifferentialTest.journal(
            reference: { MemoryJournalReference() },
            subject: { try SQLiteJournalHarness(synchronous: synchronous) },
            seed: seed,
            crashing: true
        )
        #expect(summary.answers["reopen", default: 0] > 0)
        #expect(summary.answers["crash", default: 0] > 0)
    }
}

private struct MemoryStorageReference: StorageHarness {
    var capabilities: Capabilities { MemoryStorageHandler.capabilities }

    func make() async throws -> any StorageEffects { MemoryStorageHandler() }

    func finish() async {}
}

private struct MemoryJournalReference: JournalHarness {
    var capabilities: Capabilities { MemoryJournalHandler.capabilities }

    func make() async throws -> any JournalEffects {
        MemoryJournalHandler(time: ManualTimeHandler(), random: SystemRandomHandler())
    }

    func finish() async {}
}
#endif
