internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Foundation
internal import Testing

@Suite("Layered storage answers as memory does")
struct DifferentialTests {
    private static let isLong = ProcessInfo.processInfo.environment["AURA_SOAK"] != nil

    /// Seeds of the first of 200 sequences: 20,000 sequences in a long run.
    static let seeds: [UInt64] = (0..<(isLong ? 100 : 1)).map { 1 + $0 * 200 }

    @Test("over memory", arguments: seeds, LayeredLawTests.shared)
    func memory(seed: UInt64, layer: Layer) async throws {
        try await compare(seed: seed) { MemoryLayeredHarness(layer) }
    }

    #if SQLite
    @Test("over SQLite", arguments: seeds, LayeredLawTests.durable + [.caching(isExclusive: true)])
    func files(seed: UInt64, layer: Layer) async throws {
        // Over memory each layer has all of them; here they share them.
        let layers = LayeredLawTests.durable.count + 1
        try await compare(seed: seed, sequences: Self.isLong ? 200 : 200 / layers) { try FileLayeredHarness(layer) }
    }
    #endif

    private func compare(
        seed: UInt64,
        sequences: Int = 200,
        _ subject: @escaping DifferentialTest.HarnessMaker<any StorageEffects>
    ) async throws {
        let summary = try await DifferentialTest.storage(
            reference: { MemoryStorageReference() },
            subject: subject,
            sequences: sequences,
            seed: seed
        )
        #expect(summary.sequenceCount == sequences)
        #expect(summary.answers["reopen", default: 0] > 0)
    }
}

struct MemoryStorageReference: StorageHarness {
    var capabilities: Capabilities { MemoryStorageHandler.capabilities }

    func make() async throws -> any StorageEffects { MemoryStorageHandler() }

    func finish() async {}
}
