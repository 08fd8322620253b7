internal import AuraSimulation
internal import Measuring

/// Simulations of nothing, each on a thread of its own.
struct EmptySimulation: Comparison {
    let name = "empty"
    let unit = "µs"
    let isHigherBetter = false
    let target = Target.oursBelow(200)

    let simulations: Int

    func measureOurs() async throws -> Double {
        let elapsed = try await seconds {
            for seed in 0..<simulations { try await Simulation(seed: UInt64(seed)).run {} }
        }
        return elapsed / Double(simulations) * 1e6
    }
}
