internal import AuraConformance
internal import AuraEffects
internal import Testing

@Suite("Each law of the journal finds a broken journal that no other law finds")
struct BrokenJournalTests {
    static let check = MutationCheck(laws: JournalLaw.all, defects: JournalDefect.all, sample: 8)

    @Test("no law is without a broken journal")
    func complete() {
        Self.check.expectEveryLawHasADefect()
    }

    @Test("the journal that the broken ones are made of keeps every law", arguments: JournalLaw.all)
    func sound(_ law: JournalLaw) async throws {
        var harness = BrokenJournalHarness()
        for case .lacks(let capability) in law.requirements {
            harness = BrokenJournalHarness(declaring: .everything(but: capability))
        }
        try await law.check(harness)
    }

    @Test("a broken journal is found by its law alone", arguments: JournalDefect.all)
    func broken(_ defect: JournalDefect) async throws {
        try await Self.check.expectOnlyItsLaw(finds: defect)
    }
}

extension Capabilities {
    /// Everything that a journal can declare but this; without snapshots there is no compaction either.
    static func everything(but capability: Capability) -> Capabilities {
        var capabilities = BrokenJournalHarness.everything
        capabilities.features.remove(capability)
        if capability == .snapshots { capabilities.features.remove(.compaction) }
        return capabilities
    }
}
