internal import AuraSimulation
internal import AuraSimulationTesting
internal import Testing

@Suite struct SeedSweepTests {
    @Test func findsTheLostUpdateAndShrinksItsSchedule() async throws {
        let report = await SeedSweep(seeds: 0..<200).run { _ in try await Self.lostUpdate() }
        #expect(!report.failures.isEmpty)
        let shrunk = try #require(report.shrunk)
        let schedule = try #require(shrunk.run.schedule)
        #expect(schedule.deviations.count <= shrunk.switchesBefore)
        let text = report.explanation { "replay \($0)" }
        #expect(text.contains("Replay it with: replay \(report.failures[0].seed)"))
        #expect(text.contains("Swift 6."))
    }

    @Test func aFailingSeedFailsAgain() async throws {
        let report = await SeedSweep(seeds: 0..<200, shrinkingRuns: 0).run { _ in try await Self.lostUpdate() }
        let first = try #require(report.failures.first)
        for _ in 0..<10 {
            let again = await SeedRun(of: first.seed, configuration: report.configuration) {
                try await Self.lostUpdate()
            }
            #expect(again.failure != nil)
            #expect(again.traceHash == first.traceHash)
        }
    }

    @Test func aProgramThatDependsOnWhatIsOutsideIsFound() async {
        let runs = Runs()
        let report = await SeedSweep(seeds: 0..<3, simultaneous: 1, repeatInterval: 1)
            .run { _ in
                for _ in 0..<runs.next() { await Task.yield() }
            }
        guard case SimulationFailure.notRepeatable? = report.failures.first?.failure else {
            Issue.record("it is \(String(describing: report.failures.first?.failure))")
            return
        }
    }

    @Test func aStateThatNoSeedReachesIsReported() async {
        let report = await SeedSweep(seeds: 0..<5)
            .run { seed in
                Simulation.sometimes(seed == 3, "the third seed")
                Simulation.sometimes(seed == 17, "the seventeenth seed")
            }
        #expect(report.unreached == ["the seventeenth seed"])
        #expect(!report.isClean)
    }

    @Test func aBrokenPropertyEndsTheRun() async {
        let report = await SeedSweep(seeds: 0..<2)
            .run { _ in
                do {
                    Simulation.always(false, "nothing is lost")
                    try await Task.sleep(for: .seconds(1))
                } catch {}
            }
        guard case SimulationFailure.brokenProperty(let broken)? = report.failures.first?.failure else {
            Issue.record("it is \(String(describing: report.failures.first?.failure))")
            return
        }
        #expect(broken.property == "nothing is lost")
    }

    @Test(.simulated(seeds: 50)) func aTestRunsInASimulation() async throws {
        #expect(Simulation.isCurrent)
        let start = ContinuousClock.now
        try await Task.sleep(for: .seconds(3_600))
        #expect(ContinuousClock.now - start >= .seconds(3_600))
    }

    /// Two tasks add one to a number that they read before a hop.
    private static func lostUpdate() async throws {
        let (account, audit) = (Account(), Log())
        await withTaskGroup { group in
            for _ in 0..<2 {
                group.addTask {
                    let balance = await account.balance
                    await audit.note()
                    await account.set(balance + 1)
                }
            }
        }
        let balance = await account.balance
        guard balance == 2 else { throw LostUpdate() }
    }
}

private struct LostUpdate: Error {}

private actor Account {
    var balance = 0

    func set(_ balance: Int) {
        self.balance = balance
    }
}

private actor Log {
    private var count = 0

    func note() {
        count += 1
    }
}
