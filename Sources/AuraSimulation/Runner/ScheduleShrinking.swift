#if os(Linux)
/// Looks for a schedule with fewer switches under which a program still fails in the same way.
///
/// It leaves out parts of the failing schedule, large ones first, as long as the failure stays (delta debugging: Zeller and
/// Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", IEEE TSE 28, 2002).
struct ScheduleShrinking: Sendable {
    let seed: UInt64
    let configuration: SimulationConfiguration
    let kind: String
    let maximumRuns: Int
    let program: @Sendable () async throws -> Void

    /// The smallest failing run that was found; `nil` where the schedule alone does not bring the failure back.
    func smallest(of schedule: ScheduleDeviations) async -> SeedRun? {
        var runs = 0
        func attempt(_ deviations: [ScheduleDeviations.Deviation]) async -> SeedRun? {
            runs += 1
            var configuration = configuration
            configuration.schedule = ScheduleDeviations(deviations)
            configuration.recordsSchedule = true
            let run = await SeedRun(of: seed, configuration: configuration, program)
            return run.failureKind == kind ? run : nil
        }
        guard var best = await attempt(schedule.deviations) else { return nil }
        var kept = schedule.deviations
        var parts = 2
        if let run = await attempt([]) { return run }
        while !kept.isEmpty, runs < maximumRuns {
            let size = (kept.count + parts - 1) / parts
            var isSmaller = false
            for start in stride(from: 0, to: kept.count, by: size) where runs < maximumRuns {
                let rest = Array(kept[..<start] + kept[min(start + size, kept.count)...])
                if let run = await attempt(rest) {
                    (best, kept, isSmaller) = (run, rest, true)
                    parts = max(parts - 1, 2)
                    break
                }
            }
            if !isSmaller {
                if size == 1 { break }
                parts = min(parts * 2, kept.count)
            }
        }
        return best
    }
}
#endif
