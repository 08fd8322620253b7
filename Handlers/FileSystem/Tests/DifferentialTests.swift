internal import AuraConformance
internal import AuraEffects
internal import AuraFileSystem
internal import AuraMemory
internal import Foundation
internal import Testing

@Suite("Storage on files answers as memory does")
struct DifferentialTests {
    /// Seeds of the first of 200 sequences: 20,000 sequences in a long run.
    static let seeds: [UInt64] = {
        let isLong = ProcessInfo.processInfo.environment["AURA_SOAK"] != nil
        return (0..<(isLong ? 100 : 1)).map { 1 + $0 * 200 }
    }()

    @Test("synced, and not synced", arguments: seeds, FileSystemConfiguration.Synchronous.allCases)
    func storage(seed: UInt64, synchronous: FileSystemConfiguration.Synchronous) async throws {
        try await compare(seed: seed) { try FileSystemHarness(synchronous: synchronous) }
    }

    @Test("with a checkpoint after nearly every write", arguments: seeds)
    func smallLog(seed: UInt64) async throws {
        try await compare(seed: seed) { try FileSystemHarness(log: .kibibytes(1)) }
    }

    private func compare(
        seed: UInt64,
        _ subject: @escaping DifferentialTest.HarnessMaker<any StorageEffects>
    ) async throws {
        let summary = try await DifferentialTest.storage(
            reference: { MemoryStorageReference() },
            subject: subject,
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
