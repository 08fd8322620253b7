#if AWS
internal import AuraConformance
internal import AuraEffects
internal import Testing

@testable internal import AuraAWS

/// The laws by what a queue declares, without one that runs.
private struct Declared: ConformanceHarness, TimePassingHarness {
    let isOrdered: Bool
    var capabilities: Capabilities {
        let name = isOrdered ? "queue.fifo" : "queue"
        return SQSQueueHandler.capabilities(
            SQSOptions(queue: name, deadLetters: "dead", deliveries: SQSHarness.deliveries)
        )
    }
    var now: WallTime { WallTime(nanosecondsSinceEpoch: 0) }
    func make() async throws -> any MessageQueueEffects { QueueEffect.unimplemented }
    func letTimePass(_ duration: Duration) async throws {}
    func finish() async {}
}

// One after the other: they let time pass for every queue of the server.
@Suite("The laws of queues on SQS", .serialized)
struct SQSLawTests {
    @Test("a standard queue", arguments: QueueLaw.applicable(to: Declared(isOrdered: false)))
    func standard(_ law: QueueLaw) async throws {
        try await law.check(SQSHarness(isOrdered: false))
    }

    @Test("a FIFO queue", arguments: QueueLaw.applicable(to: Declared(isOrdered: true)))
    func ordered(_ law: QueueLaw) async throws {
        try await law.check(SQSHarness(isOrdered: true))
    }

    @Test("every law applies to one of both kinds that is not of a handler without receipts or dead letters")
    func coverage() {
        let left = QueueLaw.all.filter { law in
            [true, false].allSatisfy { !law.applies(to: Declared(isOrdered: $0)) }
        }
        let unmet = Set(left.flatMap { $0.unmetRequirements(of: Declared(isOrdered: true)) })
        #expect(unmet.allSatisfy { [.lacks(.receive), .lacks(.deadLetters)].contains($0) })
    }
}
#endif
