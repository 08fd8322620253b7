internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import AuraRuntime
internal import AuraSimulation
internal import Testing

@Suite("The laws on a simulated cloud")
struct CloudLawTests {
    /// Nothing goes wrong and nothing takes time.
    private static func calm() -> SimulatedClouds {
        var conditions = CloudConditions()
        conditions.latency = .zero
        return SimulatedClouds(time: ManualTimeHandler(), seed: 1, conditions)
    }

    @Test("objects", arguments: ObjectLaw.applicable(to: SimulatedObjectHarness(clouds: calm())))
    func objects(_ law: ObjectLaw) async throws {
        try await law.check(SimulatedObjectHarness(clouds: Self.calm()))
    }

    @Test("key-values", arguments: KeyValueLaw.applicable(to: SimulatedKeyValueHarness(clouds: calm())))
    func keyValues(_ law: KeyValueLaw) async throws {
        try await law.check(SimulatedKeyValueHarness(clouds: Self.calm()))
    }

    @Test(
        "a standard queue",
        arguments: QueueLaw.applicable(to: SimulatedQueueHarness(clouds: calm(), order: .standard))
    )
    func standardQueue(_ law: QueueLaw) async throws {
        try await law.check(SimulatedQueueHarness(clouds: Self.calm(), order: .standard))
    }

    @Test("a queue of groups", arguments: QueueLaw.applicable(to: SimulatedQueueHarness(clouds: calm(), order: .fifo)))
    func groupQueue(_ law: QueueLaw) async throws {
        try await law.check(SimulatedQueueHarness(clouds: Self.calm(), order: .fifo))
    }

    @Test(
        "standard topics",
        arguments: TopicLaw.applicable(to: SimulatedTopicHarness(clouds: calm(), order: .standard))
    )
    func standardTopics(_ law: TopicLaw) async throws {
        try await law.check(SimulatedTopicHarness(clouds: Self.calm(), order: .standard))
    }

    @Test("topics of groups", arguments: TopicLaw.applicable(to: SimulatedTopicHarness(clouds: calm(), order: .fifo)))
    func groupTopics(_ law: TopicLaw) async throws {
        try await law.check(SimulatedTopicHarness(clouds: Self.calm(), order: .fifo))
    }

    @Test("functions", arguments: FunctionLaw.applicable(to: SimulatedFunctionHarness(calm())))
    func functions(_ law: FunctionLaw) async throws {
        try await law.check(SimulatedFunctionHarness(Self.calm()))
    }
}

@Suite("The laws on a simulated cloud that refuses calls, whose callers repeat them")
struct RefusingCloudLawTests {
    /// Calls are slow and throttled, and one in ten is refused; what is repeated then has its effect once.
    private static func refusing(_ seed: UInt64) -> SimulatedClouds {
        var conditions = CloudConditions()
        conditions.latency = .microseconds(100)
        conditions.jitter = .milliseconds(1)
        conditions.tailProbability = 0.02
        conditions.tailLatency = .milliseconds(20)
        conditions.throttled = 0.1
        conditions.refused = 0.1
        return SimulatedClouds(time: VirtualTimeHandler(), seed: seed, conditions, repeats: true)
    }

    private static let seeds: [UInt64] = [1, 2]

    private func inSimulation(_ seed: UInt64, _ check: @escaping @Sendable () async throws -> Void) async throws {
        let configuration = SimulationConfiguration(stepCost: .upTo(.microseconds(20)))
        try await Simulation(seed: seed, configuration: configuration).run(check)
    }

    private static var calm: SimulatedClouds { SimulatedClouds(time: ManualTimeHandler(), seed: 1, CloudConditions()) }

    @Test("objects", arguments: ObjectLaw.applicable(to: SimulatedObjectHarness(clouds: calm)), seeds)
    func objects(_ law: ObjectLaw, seed: UInt64) async throws {
        try await inSimulation(seed) { try await law.check(SimulatedObjectHarness(clouds: Self.refusing(seed))) }
    }

    @Test("key-values", arguments: KeyValueLaw.applicable(to: SimulatedKeyValueHarness(clouds: calm)), seeds)
    func keyValues(_ law: KeyValueLaw, seed: UInt64) async throws {
        try await inSimulation(seed) { try await law.check(SimulatedKeyValueHarness(clouds: Self.refusing(seed))) }
    }

    @Test("a journal over key-values", arguments: JournalLaw.applicable(to: SimulatedJournalHarness(calm)))
    func journals(_ law: JournalLaw) async throws {
        try await inSimulation(1) { try await law.check(SimulatedJournalHarness(Self.refusing(1))) }
    }

    @Test(
        "a queue",
        arguments: QueueLaw.applicable(to: SimulatedQueueHarness(clouds: calm, order: .fifo)),
        MessageOrder.allCases
    )
    func queue(_ law: QueueLaw, order: MessageOrder) async throws {
        try await inSimulation(3) {
            let harness = SimulatedQueueHarness(clouds: Self.refusing(3), order: order)
            // A law of groups does not apply to a queue without.
            if law.applies(to: harness) { try await law.check(harness) }
        }
    }

    @Test(
        "topics",
        arguments: TopicLaw.applicable(to: SimulatedTopicHarness(clouds: calm, order: .fifo)),
        MessageOrder.allCases
    )
    func topics(_ law: TopicLaw, order: MessageOrder) async throws {
        try await inSimulation(4) {
            let harness = SimulatedTopicHarness(clouds: Self.refusing(4), order: order)
            if law.applies(to: harness) { try await law.check(harness) }
        }
    }

    @Test("functions", arguments: FunctionLaw.applicable(to: SimulatedFunctionHarness(calm)), seeds)
    func functions(_ law: FunctionLaw, seed: UInt64) async throws {
        try await inSimulation(seed) { try await law.check(SimulatedFunctionHarness(Self.refusing(seed))) }
    }
}
