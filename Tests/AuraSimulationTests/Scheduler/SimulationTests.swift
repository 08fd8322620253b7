internal import AuraSimulation
internal import Testing

@Suite struct SimulationTests {
    @Test func returnsWhatTheProgramReturns() async throws {
        let value = try await Simulation(seed: 1).run { 42 }
        #expect(value == 42)
    }

    @Test func throwsWhatTheProgramThrows() async {
        await #expect(throws: Refusal.self) { try await Simulation(seed: 1).run { throw Refusal() } }
    }

    @Test func virtualTimePassesWhileNothingRuns() async throws {
        let simulation = Simulation(seed: 1)
        let before = ContinuousClock.now
        let inside: Duration = try await simulation.run {
            let start = ContinuousClock.now
            try await Task.sleep(for: .seconds(86_400))
            return ContinuousClock.now - start
        }
        #expect(inside >= .seconds(86_400))
        #expect(simulation.elapsed >= .seconds(86_400))
        #expect(ContinuousClock.now - before < .seconds(60))
    }

    @Test func theSameSeedGivesTheSameTrace() async throws {
        for seed in UInt64(0)..<5 {
            var hashes: Set<UInt64> = []
            for _ in 0..<20 {
                let simulation = Simulation(seed: seed)
                _ = try await simulation.run { await Self.crowd() }
                hashes.insert(simulation.trace.hash)
            }
            #expect(hashes.count == 1, "seed \(seed)")
        }
    }

    @Test func differentSeedsGiveDifferentOrders() async throws {
        var orders: Set<[Int]> = []
        for seed in UInt64(0)..<50 {
            orders.insert(try await Simulation(seed: seed).run { await Self.crowd() })
        }
        #expect(orders.count > 20)
    }

    @Test func aDeadlockNamesTheFunctionsThatWait() async {
        let failure = await #expect(throws: SimulationFailure.self) {
            try await Simulation(seed: 1)
                .run {
                    let door = Door()
                    await door.waitForever()
                }
        }
        guard case .deadlock(let report) = failure else {
            Issue.record("it is \(String(describing: failure))")
            return
        }
        #expect(report.waiters.count == 1)
        #expect(report.description.contains("waitForever"))
    }

    @Test func aLoopThatMakesNoProgressIsGivenUp() async {
        let configuration = SimulationConfiguration(maximumSteps: 1_000)
        let failure = await #expect(throws: SimulationFailure.self) {
            try await Simulation(seed: 1, configuration: configuration)
                .run { () async throws -> Void in
                    while true { await Task.yield() }
                }
        }
        guard case .stepLimit = failure else {
            Issue.record("it is \(String(describing: failure))")
            return
        }
    }

    @Test func aWakeUpFromAThreadIsReported() async {
        let failure = await #expect(throws: SimulationFailure.self) {
            _ = try await Simulation(seed: 1).run { await ThreadOutside.call() }
        }
        guard case .foreignWakeup = failure else {
            Issue.record("it is \(String(describing: failure))")
            return
        }
    }

    @Test func cancellingTheCallerCancelsTheProgram() async {
        let task = Task {
            try await Simulation(seed: 1, configuration: SimulationConfiguration(maximumSteps: .max))
                .run {
                    while !Task.isCancelled { try await Task.sleep(for: .milliseconds(1)) }
                    return "cancelled"
                }
        }
        task.cancel()
        let result = await task.result
        #expect((try? result.get()) == "cancelled" || (try? result.get()) == nil)
    }

    @Test func ordinaryTasksGoOnBesideSimulations() async throws {
        async let simulated = Simulation(seed: 3).run { await Self.crowd() }
        let ordinary = await Task.detached { await Self.crowd() }.value
        #expect(try await simulated.sorted() == ordinary.sorted())
    }

    private static func crowd() async -> [Int] {
        let log = Log()
        await withTaskGroup { group in
            for number in 0..<6 {
                group.addTask {
                    if number.isMultiple(of: 2) { try? await Task.sleep(for: .microseconds(Int.random(in: 0..<50))) }
                    await log.append(number)
                    await Task.yield()
                }
            }
        }
        return await log.numbers
    }
}

private struct Refusal: Error {}

private actor Log {
    var numbers: [Int] = []

    func append(_ number: Int) {
        numbers.append(number)
    }
}

private actor Door {
    func waitForever() async {
        await unsafe withUnsafeContinuation { (_: UnsafeContinuation<Void, Never>) in }
    }
}
