internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import Testing

@Suite("The laws on journals over key-values")
struct KeyValueJournalLawTests {
    @Test("over memory", arguments: JournalLaw.applicable(to: KeyValueJournalHarness(MemoryGround())))
    func memory(_ law: JournalLaw) async throws {
        try await law.check(KeyValueJournalHarness(MemoryGround()))
    }

    #if SQLite
    @Test("over SQLite", arguments: JournalLaw.applicable(to: KeyValueJournalHarness(try SQLiteGround())))
    func database(_ law: JournalLaw) async throws {
        try await law.check(KeyValueJournalHarness(try SQLiteGround()))
    }

    @Test("no law is left out but those of damage and of a stalled transaction")
    func coverage() throws {
        let harness = KeyValueJournalHarness(try SQLiteGround())
        let declared: [Capability] = [.snapshots, .compaction, .replication]
        let unmet = Set(JournalLaw.all.flatMap { $0.unmetRequirements(of: harness) })
        #expect(unmet == Set(declared.map { .lacks($0) }).union([.ability(.damage), .ability(.stall)]))
    }
    #endif

    @Test("answers are those of the journal in memory")
    func difference() async throws {
        let summary = try await DifferentialTest.journal(
            reference: { MemoryReference() },
            subject: { KeyValueJournalHarness(MemoryGround()) },
            sequences: 25
        )
        #expect(summary.sequenceCount == 25)
        for answer in ["reopen", "compact", "transfer", "append: conflict", "entries"] {
            #expect(summary.answers[answer, default: 0] > 0, "\(answer)")
        }
    }
}

private struct MemoryReference: JournalHarness {
    var capabilities: Capabilities { MemoryJournalHandler.capabilities }

    func make() async throws -> any JournalEffects {
        MemoryJournalHandler(time: HandlerContext.system.time, random: HandlerContext.system.random)
    }

    func finish() async {}
}
