#if AWS
internal import AuraConformance
internal import AuraEffects
internal import Testing

@testable internal import AuraAWS

/// The laws by what SNS's topics declare, without any that run.
private struct Declared: ConformanceHarness, TimePassingHarness {
    var capabilities: Capabilities { SNSPubSubHandler.capabilities }
    var now: WallTime { WallTime(nanosecondsSinceEpoch: 0) }
    func make() async throws -> any PubSubEffects { TopicsEffect.unimplemented }
    func letTimePass(_ duration: Duration) async throws {}
    func finish() async {}
}

// One after the other: they let time pass for every queue of the server.
@Suite("The laws of topics on SNS", .serialized)
struct SNSLawTests {
    @Test("topics by moto's SNS and SQS", arguments: TopicLaw.applicable(to: Declared()))
    func topics(_ law: TopicLaw) async throws {
        try await law.check(SNSHarness())
    }

    @Test("every law applies but those of order, of lacking capabilities, and of pushes, which moto does not repeat")
    func coverage() {
        let unmet = Set(TopicLaw.all.flatMap { $0.unmetRequirements(of: Declared()) })
        let expected: Set<LawRequirement> = [
            .capability(.fifo), .lacks(.push), .lacks(.receive), .lacks(.filters), .ability(.takePushes),
        ]
        #expect(unmet.isSubset(of: expected))
    }
}
#endif
