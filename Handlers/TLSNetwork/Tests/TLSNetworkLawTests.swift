#if TLSNetwork
internal import AuraConformance
internal import Testing

@Suite("The laws of the network over TLS")
struct TLSNetworkLawTests {
    @Test("network", .timeLimit(.minutes(5)), arguments: NetworkLaw.applicable(to: TLSNetworkHarness()))
    func network(_ law: NetworkLaw) async throws {
        try await law.check(TLSNetworkHarness())
    }

    @Test("every law applies")
    func coverage() {
        #expect(NetworkLaw.all.count == NetworkLaw.applicable(to: TLSNetworkHarness()).count)
    }
}
#endif
