internal import AuraConformance
internal import AuraEffects
internal import Testing

@Suite("Laws and their names")
struct LawTests {
    @Test("a law that does not apply does not pass")
    func inapplicable() async throws {
        let laws = StorageLaw.all.filter { !$0.applies(to: MemoryStorageHarness()) }
        #expect(!laws.isEmpty)
        for law in laws {
            let violation = try await #require(throws: LawViolation.self) {
                try await law.check(MemoryStorageHarness())
            }
            #expect(violation.message.contains("does not apply"))
        }
    }

    @Test("every law of a family has a name of its own")
    func names() {
        let families = [
            StorageLaw.all.map(\.name), JournalLaw.all.map(\.name), NetworkLaw.all.map(\.name),
            TimeLaw.all.map(\.name), RandomLaw.all.map(\.name), ObjectLaw.all.map(\.name), KeyValueLaw.all.map(\.name),
            QueueLaw.all.map(\.name), TopicLaw.all.map(\.name), FunctionLaw.all.map(\.name),
        ]
        for names in families { #expect(Set(names).count == names.count) }
    }
}
