internal import AuraConformance
internal import AuraEffects
internal import Testing

@Suite("Each law of the network finds a broken network that no other law finds")
struct BrokenNetworkTests {
    private static let check = MutationCheck(laws: NetworkLaw.all, defects: NetworkDefect.all, sample: 3)

    @Test("every law has a network that breaks it")
    func coverage() {
        Self.check.expectEveryLawHasADefect()
    }

    @Test("a network that is not broken breaks none", arguments: NetworkLaw.applicable(to: BrokenLinksHarness()))
    func sound(_ law: NetworkLaw) async throws {
        try await law.check(BrokenLinksHarness())
    }

    @Test("a broken network breaks its law alone", arguments: NetworkDefect.all)
    func mutation(_ defect: NetworkDefect) async throws {
        try await Self.check.expectOnlyItsLaw(finds: defect)
    }
}
