internal import AuraSimulation
internal import Testing

/// Runs a program from some seeds and hands over what each returned, with its trace.
@discardableResult
func probe<Value: Sendable>(
    seeds: Range<UInt64> = 0..<60,
    configuration: SimulationConfiguration = SimulationConfiguration(maximumSteps: 100_000, keptSteps: 2_000),
    _ program: @escaping @Sendable () async throws -> Value
) async throws -> [(value: Value, simulation: Simulation)] {
    var outcomes: [(value: Value, simulation: Simulation)] = []
    for seed in seeds {
        let simulation = Simulation(seed: seed, configuration: configuration)
        outcomes.append((try await simulation.run(program), simulation))
    }
    return outcomes
}

extension [SimulationTrace.Step] {
    /// The steps in which the runtime ran an actor's jobs itself, behind the simulation's back.
    var ownWork: Int { count { $0.task == 0 } }
}

/// A list that every task may append to.
actor Record {
    private(set) var items: [String] = []

    func append(_ item: String) { items.append(item) }
}
