internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

/// Makes storages in memory: what a log is compared with.
struct MemoryStorageHarness: StorageHarness {
    var capabilities: Capabilities { MemoryStorageHandler.capabilities }

    func make() async throws -> any StorageEffects { MemoryStorageHandler() }

    func finish() async {}
}

@Suite("A log compared with memory")
struct DifferenceTests {
    @Test("a log answers as memory does, also after it was reopened or has crashed")
    func difference() async throws {
        let summary = try await DifferentialTest.storage(
            reference: { MemoryStorageHarness() },
            subject: { try LogStorageHarness() },
            sequences: 100
        )
        #expect(summary.answers["reopen", default: 0] > 0)
        #expect(summary.answers["crash", default: 0] > 0)
    }
}
