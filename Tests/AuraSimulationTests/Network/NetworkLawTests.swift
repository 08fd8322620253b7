internal import AuraConformance
internal import AuraEffects
internal import AuraSimulation
internal import Testing

@Suite("The laws on the simulated network")
struct NetworkLawTests {
    /// What the laws expect to arrive may be late, but must not be lost by chance.
    private static let rough = LinkConditions(
        latency: .microseconds(200),
        jitter: .milliseconds(4),
        tailProbability: 0.02,
        tailLatency: .milliseconds(30),
        bandwidth: .mebibytes(40)
    )

    @Test("on a calm network", arguments: NetworkLaw.all)
    func calm(_ law: NetworkLaw) async throws {
        let harness = SimulatedNetworkHarness("calm", seed: 1, LinkConditions(latency: .microseconds(100)))
        try await law.check(harness)
    }

    @Test("on a network without latency", arguments: NetworkLaw.all)
    func instant(_ law: NetworkLaw) async throws {
        try await law.check(SimulatedNetworkHarness("instant", seed: 2, LinkConditions(latency: .zero)))
    }

    @Test("on a rough network", arguments: NetworkLaw.all, [3, 4, 5] as [UInt64])
    func rough(_ law: NetworkLaw, seed: UInt64) async throws {
        try await law.check(SimulatedNetworkHarness("rough, seed \(seed)", seed: seed, Self.rough))
    }

    @Test("every law applies")
    func coverage() {
        let harness = SimulatedNetworkHarness("calm", seed: 1, .calm)
        #expect(NetworkLaw.all.allSatisfy { $0.unmetRequirements(of: harness).isEmpty })
    }
}
