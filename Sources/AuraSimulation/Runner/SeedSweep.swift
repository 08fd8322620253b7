#if os(Linux)
internal import Synchronization

/// Runs a program under many seeds.
public struct SeedSweep: Sendable {
    /// The seeds, in the order in which they begin.
    public var seeds: [UInt64]
    /// How each runs.
    public var configuration: SimulationConfiguration
    /// How many run at once, each on a thread of its own.
    public var simultaneous: Int
    /// Every so many seeds one is run twice and compared; zero for none.
    public var repeatInterval: Int
    /// After how many failing seeds no more are begun; zero for all.
    public var maximumFailures: Int
    /// How many runs may be spent on shrinking the first failing schedule; zero for none.
    public var shrinkingRuns: Int

    /// Creates a sweep.
    ///
    /// - Parameters:
    ///   - seeds: The seeds.
    ///   - configuration: How each runs.
    ///   - simultaneous: How many run at once.
    ///   - repeatInterval: Every so many seeds one is run twice and compared.
    ///   - maximumFailures: After how many failing seeds no more are begun.
    ///   - shrinkingRuns: How many runs may be spent on shrinking the first failing schedule.
    public init(
        seeds: some Sequence<UInt64>,
        configuration: SimulationConfiguration = SimulationConfiguration(),
        simultaneous: Int = 2,
        repeatInterval: Int = 20,
        maximumFailures: Int = 1,
        shrinkingRuns: Int = 100
    ) {
        self.seeds = Array(seeds)
        self.configuration = configuration
        self.simultaneous = max(simultaneous, 1)
        self.repeatInterval = repeatInterval
        self.maximumFailures = maximumFailures
        self.shrinkingRuns = shrinkingRuns
    }

    /// Runs the program under every seed.
    ///
    /// - Parameters:
    ///   - progress: Is told of each run that has ended, one at a time.
    ///   - program: The program, given its seed; it fails by throwing. It is run more than once under one seed.
    /// - Returns: What came of it.
    public func run(
        progress: @escaping @Sendable (SeedRun) -> Void = { _ in },
        _ program: @escaping @Sendable (_ seed: UInt64) async throws -> Void
    ) async -> SeedSweepReport {
        var report = SeedSweepReport(configuration: configuration)
        await withTaskGroup(of: SeedRun.self) { group in
            var next = 0
            func begin() {
                let isEnough = maximumFailures > 0 && report.failures.count >= maximumFailures
                guard next < seeds.count, !isEnough, !Task.isCancelled else { return }
                let (seed, isRepeated) = (seeds[next], repeatInterval > 0 && next % repeatInterval == 0)
                next += 1
                group.addTask { await once(seed, isRepeated: isRepeated, program) }
            }
            for _ in 0..<simultaneous { begin() }
            while let run = await group.next() {
                progress(run)
                report.add(run)
                begin()
            }
        }
        report.failures.sort { $0.seed < $1.seed }
        if shrinkingRuns > 0, let first = report.failures.first { report.shrunk = await shrink(first, program) }
        return report
    }

    private func once(
        _ seed: UInt64,
        isRepeated: Bool,
        _ program: @escaping @Sendable (UInt64) async throws -> Void
    ) async -> SeedRun {
        var run = await SeedRun(of: seed, configuration: configuration) { try await program(seed) }
        guard isRepeated, run.failure == nil else { return run }
        let second = await SeedRun(of: seed, configuration: configuration) { try await program(seed) }
        if second.traceHash != run.traceHash {
            run.failure = SimulationFailure.notRepeatable(firstHash: run.traceHash, secondHash: second.traceHash)
        }
        return run
    }

    private func shrink(
        _ run: SeedRun,
        _ program: @escaping @Sendable (UInt64) async throws -> Void
    ) async -> SeedSweepReport.Shrunk? {
        guard let kind = run.failureKind, kind != "notRepeatable" else { return nil }
        var recording = configuration
        recording.recordsSchedule = true
        let recorded = await SeedRun(of: run.seed, configuration: recording) { try await program(run.seed) }
        guard recorded.failureKind == kind, let schedule = recorded.schedule else { return nil }
        var small = configuration
        small.keptSteps = max(configuration.keptSteps, 40)
        let shrinking = ScheduleShrinking(
            seed: run.seed,
            configuration: small,
            kind: kind,
            maximumRuns: shrinkingRuns,
            program: { try await program(run.seed) }
        )
        guard let smallest = await shrinking.smallest(of: schedule) else { return nil }
        return SeedSweepReport.Shrunk(switchesBefore: schedule.deviations.count, run: smallest)
    }
}
#endif
