#if AWS
internal import AuraConformance
internal import AuraEffects
internal import Testing

@testable internal import AuraAWS

/// The laws by what a table declares, without one that runs.
private struct Declared: ConformanceHarness, TimePassingHarness {
    var capabilities: Capabilities { DynamoDBKeyValueHandler.capabilities }
    var now: WallTime { WallTime(nanosecondsSinceEpoch: 0) }
    func make() async throws -> any KeyValueEffects { KeyValuesEffect.unimplemented }
    func letTimePass(_ duration: Duration) async throws {}
    func finish() async {}
}

@Suite("The laws of key-values on DynamoDB", .serialized)
struct DynamoDBLawTests {
    @Test("a table", arguments: KeyValueLaw.applicable(to: Declared()))
    func table(_ law: KeyValueLaw) async throws {
        try await law.check(DynamoDBHarness())
    }

    @Test("every law applies that is not of a handler without strong reads or transactions")
    func coverage() {
        let unmet = Set(KeyValueLaw.all.flatMap { $0.unmetRequirements(of: Declared()) })
        #expect(unmet.allSatisfy { [.lacks(.strongReads), .lacks(.transactions)].contains($0) })
    }
}
#endif
