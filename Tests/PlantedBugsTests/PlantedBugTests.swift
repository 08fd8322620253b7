internal import AuraSimulation
internal import PlantedBugs
internal import Testing

@Suite("planted bugs") struct PlantedBugTests {
    @Test("each is found within 500 seeds", arguments: PlantedBug.all)
    func isFound(_ bug: PlantedBug) async {
        let runs = SeedRuns()
        let step: UInt64 = isSoak ? 500 : 50
        for first in stride(from: UInt64(0), to: 500, by: Int(step)) {
            if await !runs.failures(of: bug.buggy, seeds: first..<first + step).isEmpty { return }
        }
        Issue.record("'\(bug)' was not found")
    }

    @Test("their fixed twins fail with no seed", arguments: PlantedBug.all)
    func fixedTwinIsClean(_ bug: PlantedBug) async {
        let failures = await SeedRuns().failures(of: bug.fixed, seeds: 0..<(isSoak ? 10_000 : 300))
        for (seed, failure) in failures.prefix(3) {
            Issue.record("'\(bug)', seed \(seed): \(failure)")
        }
        #expect(failures.isEmpty)
    }
}
