internal import AuraConformance
internal import AuraEffects
internal import Testing

@Suite("The laws find broken handlers")
struct BrokenHandlerTests {
    @Test("storage", arguments: StorageDefect.all)
    func storage(_ defect: StorageDefect) async throws {
        let harness = BrokenStorageHarness(defect: defect)
        try await expectBroken(defect.law, of: StorageLaw.all, by: harness)
    }

    @Test("random numbers that never change or are uneven")
    func random() async throws {
        let constant = BrokenRandomHarness(random: ConstantRandom())
        let uneven = BrokenRandomHarness(random: UnevenRandom())
        try await expectBroken("draws differ from one another", of: RandomLaw.all, by: constant)
        try await expectBroken("bytes are spread evenly over their values", of: RandomLaw.all, by: uneven)
    }

    @Test("a clock whose sleeps end early")
    func time() async throws {
        try await expectBroken("a sleep does not end early", of: TimeLaw.all, by: HastyTimeHarness())
    }

    @Test("a network that loses messages, or waits for peers that do not exist")
    func network() async throws {
        let losing = BrokenNetworkHarness(loses: true)
        let waiting = BrokenNetworkHarness(loses: false)
        let order = "messages arrive in the order in which they were sent"
        let reach = "a peer that does not exist is unavailable"
        try await expectBroken(order, of: NetworkLaw.all, by: losing, hanging: true)
        try await expectBroken(reach, of: NetworkLaw.all, by: waiting, hanging: true)
    }

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
            TimeLaw.all.map(\.name), RandomLaw.all.map(\.name),
        ]
        for names in families { #expect(Set(names).count == names.count) }
    }

    /// Expects that the law with this name applies to what the harness makes, and does not hold.
    private func expectBroken<Handler>(
        _ name: String,
        of laws: [Law<Handler>],
        by harness: any ConformanceHarness<Handler>,
        hanging: Bool = false
    ) async throws {
        let law = try #require(laws.first { $0.name == name })
        #expect(law.applies(to: harness))
        let violation = try await #require(throws: LawViolation.self) {
            try await law.check(harness, patience: hanging ? .seconds(5) : .seconds(120))
        }
        #expect(violation.law == name)
        // A law that ran out of time tells nothing of a handler that answers.
        #expect(violation.message.contains("did not come to an end") == hanging, "\(violation)")
    }
}
