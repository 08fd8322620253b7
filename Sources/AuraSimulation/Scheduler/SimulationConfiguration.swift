/// How a simulation runs, beside its seed.
public struct SimulationConfiguration: Sendable, Hashable {
    /// The order of the jobs.
    public var scheduling: Scheduling
    /// What a step takes of virtual time.
    public var stepCost: StepCost
    /// After how many steps the run is given up as one that makes no progress.
    public var maximumSteps: Int
    /// How many of the last steps the trace keeps beside its hash.
    public var keptSteps: Int
    /// The wall clock at the beginning, in nanoseconds since 1970.
    public var wallClockStart: UInt64
    /// Whether no other simulation of the process runs meanwhile: for programs that use a global actor, the main actor's
    /// state or another thing that simulations share.
    public var isExclusive: Bool
    /// Whether the choices are kept, for ``Simulation/schedule``.
    public var recordsSchedule: Bool
    /// A schedule to follow instead of one that the seed draws.
    public var schedule: ScheduleDeviations?

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - scheduling: The order of the jobs.
    ///   - stepCost: What a step takes of virtual time.
    ///   - maximumSteps: After how many steps the run is given up.
    ///   - keptSteps: How many of the last steps the trace keeps beside its hash.
    ///   - isExclusive: Whether no other simulation of the process runs meanwhile.
    public init(
        scheduling: Scheduling = .mixed,
        stepCost: StepCost = .drawn,
        maximumSteps: Int = 10_000_000,
        keptSteps: Int = 0,
        isExclusive: Bool = false
    ) {
        self.scheduling = scheduling
        self.stepCost = stepCost
        self.maximumSteps = maximumSteps
        self.keptSteps = keptSteps
        self.isExclusive = isExclusive
        wallClockStart = 1_700_000_000_000_000_000
        recordsSchedule = false
    }
}
