internal import AuraSimulation
internal import Measuring

/// A task that gives way again and again.
struct Yield: Comparison {
    let name = "yield"
    let unit = "yields/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 0.9)

    let yields: Int

    func measureOurs() async throws -> Double {
        let simulation = Simulation(
            seed: 1,
            configuration: SimulationConfiguration(scheduling: .random, maximumSteps: .max)
        )
        let elapsed = try await seconds {
            try await simulation.run { [yields] in await giveWay(yields) }
        }
        return Double(yields) / elapsed
    }

    func measureBaseline() async throws -> Double? {
        let task = Task.detached { [yields] in await giveWay(yields) }
        return Double(yields) / (await seconds { await task.value })
    }
}

private func giveWay(_ count: Int) async {
    for _ in 0..<count { await Task.yield() }
}
