internal import Measuring

extension Suite {
    static let simulation = Suite(
        name: "simulation",
        summary: "what a step of the simulation costs, and how fast worlds of nodes run"
    ) { scale in
        [
            PingPong(messages: scale.count(1_000_000), isTraced: false),
            PingPong(messages: scale.count(1_000_000), isTraced: true),
            Yield(yields: scale.count(1_000_000)),
            EmptySimulation(simulations: scale.count(10_000)),
            FieldnotesHours(hours: scale.count(1_000)),
            ReplicateMemory(entries: scale.count(100_000)),
        ]
    }
}
