#if os(Linux)
/// Looks for a schedule with fewer switches under which a program still fails in the same way.
struct ScheduleShrinking: Sendable {
    let seed: UInt64
    let configuration: SimulationConfiguration
    let kind: String
    let maximumRuns: Int
    let program: @Sendable () async throws -> Void

    /// The smallest failing run that was found; `nil` where the schedule alone does not bring the failure back.
    func smallest(of schedule: ScheduleDeviations) async -> SeedRun? {
        guard var best = await failingRun(schedule.deviations) else { return nil }
        _ = await schedule.deviations.minimized(maximumRuns: maximumRuns) { deviations in
            guard let run = await failingRun(deviations) else { return false }
            best = run
            return true
        }
        return best
    }

    /// The run under a schedule, where it fails in the same way.
    private func failingRun(_ deviations: [ScheduleDeviations.Deviation]) async -> SeedRun? {
        var configuration = configuration
        configuration.schedule = ScheduleDeviations(deviations)
        configuration.recordsSchedule = true
        let run = await SeedRun(of: seed, configuration: configuration, program)
        return run.failureKind == kind ? run : nil
    }
}
#endif
