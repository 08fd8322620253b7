#if PostgreSQL
internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSystem
internal import Testing

@Suite("A journal on PostgreSQL answers as one in memory does")
struct JournalDifferentialTests {
    @Test("random operations", arguments: DifferentialTests.seeds)
    func journal(seed: UInt64) async throws {
        let summary = try await DifferentialTest.journal(
            reference: { MemoryJournalReference() },
            subject: { PostgreSQLJournalHarness() },
            seed: seed,
            crashing: true
        )
        #expect(summary.answers["reopen", default: 0] > 0)
        #expect(summary.answers["crash", default: 0] > 0)
    }
}

private struct MemoryJournalReference: JournalHarness {
    var capabilities: Capabilities { MemoryJournalHandler.capabilities }

    func make() async throws -> any JournalEffects {
        MemoryJournalHandler(time: ManualTimeHandler(), random: SystemRandomHandler())
    }

    func finish() async {}
}
#endif
