internal import AuraConformance
internal import AuraEffects
internal import LogStorage
internal import Testing

@Suite("The laws of storage on a log")
struct LogStorageLawTests {
    @Test("each law that applies", arguments: StorageLaw.applicable(to: try LogStorageHarness()))
    func law(_ law: StorageLaw) async throws {
        try await law.check(try LogStorageHarness())
    }

    @Test("only what several processes share, and what the log can do, is left out")
    func coverage() throws {
        let harness = try LogStorageHarness()
        let unmet = Set(StorageLaw.all.flatMap { $0.unmetRequirements(of: harness) })
        #expect(unmet == [.ability(.share), .lacks(.transactions)])
    }
}
