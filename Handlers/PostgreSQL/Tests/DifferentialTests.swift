#if PostgreSQL
internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraPostgreSQL
internal import Foundation
internal import Testing

@Suite("PostgreSQL answers as memory does")
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
            subject: { PostgreSQLStorageHarness() },
            seed: seed
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
#endif
