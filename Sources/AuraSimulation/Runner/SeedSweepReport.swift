#if os(Linux)
/// What came of running a program under many seeds.
public struct SeedSweepReport: Sendable {
    /// The failing schedule with the fewest switches that was found.
    public struct Shrunk: Sendable {
        /// How many switches the failing schedule had at first.
        public var switchesBefore: Int
        /// The run under the smaller schedule.
        public var run: SeedRun
    }

    /// How the seeds ran.
    public var configuration: SimulationConfiguration
    /// How many have run.
    public var seedCount = 0
    /// Those that failed, in the order of their seeds.
    public var failures: [SeedRun] = []
    /// How many steps they took together.
    public var steps = 0
    /// How much virtual time went by in them together.
    public var elapsed: Duration = .zero
    /// The states that were asked about, and in how many runs they were reached.
    public var reached: [String: Int] = [:]
    /// The first failure with fewer switches.
    public var shrunk: Shrunk?

    init(configuration: SimulationConfiguration) {
        self.configuration = configuration
    }

    mutating func add(_ run: SeedRun) {
        seedCount += 1
        steps += run.steps
        elapsed += run.elapsed
        if run.failure != nil { failures.append(run) }
        for (property, isReached) in run.reached { reached[property, default: 0] += isReached ? 1 : 0 }
    }

    /// The states that no run has reached, in the order of their names.
    public var unreached: [String] {
        reached.filter { $0.value == 0 }.keys.sorted()
    }

    /// Whether no seed failed and every state was reached.
    public var isClean: Bool { failures.isEmpty && unreached.isEmpty }

    /// Says what failed and how to see it again.
    ///
    /// - Parameter command: What replays a seed, as the user types it, from the seed; `nil` to leave it out.
    /// - Returns: Lines of text.
    public func explanation(replayedBy command: ((UInt64) -> String)?) -> String {
        var lines: [String] = []
        if let first = failures.first, let failure = first.failure {
            lines.append("Seed \(first.seed) fails; so did \(failures.count) of \(seedCount) seeds.")
            lines.append("\(failure)")
            lines.append("After \(first.steps) steps and \(first.elapsed), with \(BuildDescription.current).")
            if let command { lines.append("Replay it with: \(command(first.seed))") }
        }
        if let shrunk, let schedule = shrunk.run.schedule, let failure = shrunk.run.failure {
            let (before, after) = (shrunk.switchesBefore, schedule.deviations.count)
            lines.append("A schedule with \(after) instead of \(before) switches fails too: \(failure)")
            lines.append("Its last steps:")
            lines += shrunk.run.lastSteps.map(\.description)
        }
        for property in unreached {
            lines.append("None of \(seedCount) seeds ever reached this: \(property)")
        }
        return lines.joined(separator: "\n")
    }
}

/// What a seed's run depends on beside the seed.
enum BuildDescription {
    static var current: String {
        "Swift \(toolchain), \(configuration), \(architecture)"
    }

    private static var toolchain: String {
        #if compiler(>=6.4)
        "6.4 or later"
        #elseif compiler(>=6.3.2)
        "6.3.2 or later"
        #elseif compiler(>=6.3.1)
        "6.3.1"
        #else
        "6.3"
        #endif
    }

    private static var configuration: String {
        #if DEBUG
        "debug"
        #else
        "release"
        #endif
    }

    private static var architecture: String {
        #if arch(x86_64)
        "x86_64"
        #elseif arch(arm64)
        "arm64"
        #else
        "another architecture"
        #endif
    }
}
#endif
