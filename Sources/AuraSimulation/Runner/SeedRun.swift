#if os(Linux)
/// What a program did under one seed.
public struct SeedRun: Sendable {
    /// The seed.
    public var seed: UInt64
    /// How it failed; `nil` where it did not.
    public var failure: (any Error)?
    /// The hash over all that it did.
    public var traceHash: UInt64
    /// The last steps, where the configuration keeps some.
    public var lastSteps: [SimulationTrace.Step]
    /// How many steps it took.
    public var steps: Int
    /// How much virtual time went by.
    public var elapsed: Duration
    /// The states that it was asked about, and whether they were reached.
    public var reached: [String: Bool]
    /// Its choices, where the configuration has them recorded.
    public var schedule: ScheduleDeviations?

    /// Runs a program under a seed.
    ///
    /// - Parameters:
    ///   - seed: The seed.
    ///   - configuration: How it runs.
    ///   - program: The program; it fails by throwing.
    public init(
        of seed: UInt64,
        configuration: SimulationConfiguration,
        _ program: @escaping @Sendable () async throws -> Void
    ) async {
        let simulation = Simulation(seed: seed, configuration: configuration)
        do {
            try await simulation.run(program)
            failure = nil
        } catch {
            failure = error
        }
        self.seed = seed
        traceHash = simulation.trace.hash
        lastSteps = simulation.trace.steps
        steps = simulation.steps
        elapsed = simulation.elapsed
        reached = simulation.reached
        schedule = simulation.schedule
    }

    /// What tells one kind of failure from another.
    var failureKind: String? {
        switch failure {
        case nil: nil
        case let failure as SimulationFailure: failure.kind
        case let failure?: "\(type(of: failure))"
        }
    }
}

extension SimulationFailure {
    fileprivate var kind: String {
        switch self {
        case .deadlock: "deadlock"
        case .stepLimit: "stepLimit"
        case .foreignWakeup: "foreignWakeup"
        case .brokenProperty(let broken): broken.property
        case .notRepeatable: "notRepeatable"
        case .noThread: "noThread"
        }
    }
}
#endif
