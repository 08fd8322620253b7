internal import AuraSimulation
internal import Testing

@Suite("Shrinking of fault plans")
struct FaultShrinkingTests {
    private let plan = FaultPlan.drawn(seed: 4, over: .seconds(7200), nodes: ["a", "b", "c", "d"])

    @Test("two faults that fail only together are found among many", arguments: 0..<10)
    func pair(_ round: Int) async throws {
        let count = plan.faults.count
        #expect(count > 40)
        let culprits = Set([plan.faults[round * 2], plan.faults[count - 1 - round]])
        var runs = 0
        let shrunk = await plan.shrunk { candidate in
            runs += 1
            return culprits.isSubset(of: candidate.faults)
        }
        #expect(Set(shrunk.faults) == culprits)
        #expect(runs < 8 * count, "\(runs) runs for \(count) faults")
    }

    @Test("no single fault can be left out of what remains")
    func minimality() async throws {
        func fails(_ plan: FaultPlan) -> Bool {
            plan.faults.count { $0.nodes.contains("a") } >= 3 && plan.faults.count { $0.nodes.contains("b") } >= 2
        }
        #expect(fails(plan))
        let shrunk = await plan.shrunk { fails($0) }
        #expect(fails(shrunk))
        for fault in shrunk.faults {
            #expect(!fails(FaultPlan(shrunk.faults.filter { $0 != fault })))
        }
        #expect(shrunk.faults.count <= 5)
    }

    @Test("a run that fails without faults needs none, and one that never fails again keeps all")
    func extremes() async throws {
        let one = plan.faults[7]
        let none = await plan.shrunk { _ in true }
        let all = await plan.shrunk { _ in false }
        let first = await plan.shrunk { $0.faults.contains(one) }
        let same = await FaultPlan([one]).shrunk { $0.faults.contains(one) }
        #expect(none == FaultPlan())
        #expect(all == plan)
        #expect(first == FaultPlan([one]) && same == first)
    }

    @Test("the runs are bounded, and an error ends them")
    func bounds() async throws {
        var runs = 0
        let culprits = Set([plan.faults[1], plan.faults[30]])
        let shrunk = await plan.shrunk(maximumRuns: 10) { candidate in
            runs += 1
            return culprits.isSubset(of: candidate.faults)
        }
        #expect(runs == 10)
        #expect(culprits.isSubset(of: shrunk.faults))
        do {
            _ = try await plan.shrunk { _ in throw CancellationError() }
            Issue.record("the error did not end the runs")
        } catch {
            #expect(error is CancellationError)
        }
    }
}
