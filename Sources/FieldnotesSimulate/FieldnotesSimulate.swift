internal import ArgumentParser
internal import AuraRuntime
internal import AuraSimulation

/// Lets devices that run Fieldnotes replicate in a simulation, under faults, from many seeds.
@main
struct FieldnotesSimulate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fieldnotes-simulate",
        abstract: "Simulates devices with a notebook each that exchange their notes while things go wrong.",
        discussion: """
            Examples:
              fieldnotes-simulate --nodes 5 --seeds 1000 --faults all
              fieldnotes-simulate --seeds 200 --faults network,crash --json
              fieldnotes-simulate --seed 17 --trace 50
              fieldnotes-simulate --seed 17 --show-plan
            """
    )

    @Option(help: "How many devices there are.")
    var nodes = 5

    @Option(help: "How many people write, each on one of the devices.")
    var writers = 20

    @Option(help: "How many seeds are run.")
    var seeds: UInt64 = 100

    @Option(help: "The first seed.")
    var from: UInt64 = 0

    @Option(help: "Replays this seed alone.")
    var seed: UInt64?

    @Option(
        help: "What goes wrong: 'all', 'none', families (network, disk, clock, process) or kinds, with commas between."
    )
    var faults = "all"

    @Option(help: "How many virtual seconds faults happen and people write.")
    var seconds = 120

    @Option(help: "A writer's mean pause between two changes, in virtual seconds.")
    var pause = 4.0

    @Option(help: "How often devices exchange entries while nothing happens, in virtual seconds.")
    var gossip = 30.0

    @Flag(help: "Keeps everything in memory, which is faster; nothing happens to disks then, and no process ends.")
    var memory = false

    @Option(help: "How many simulations run at once.")
    var simultaneous = 2

    @Option(help: "How many failing seeds end the run; 0 for none.")
    var failures = 5

    @Option(help: "How many of the last steps of a failing seed are shown.")
    var trace = 0

    @Option(help: "Writes the report to this file, too.")
    var report: String?

    @Flag(help: "Shows the faults of the seed and ends.")
    var showPlan = false

    @Flag(help: "Prints the report as JSON.")
    var json = false

    func validate() throws {
        guard nodes >= 2 else { throw ValidationError("Give at least 2 nodes: one alone has nobody to exchange with.") }
        guard writers >= 0, seconds > 0, seeds > 0, pause > 0, gossip > 0 else {
            throw ValidationError("Give no fewer than 0 writers and 1 seed, and times of more than nothing.")
        }
        guard from.addingReportingOverflow(seeds).overflow == false else {
            throw ValidationError("Seeds end at \(UInt64.max): begin with a lower one.")
        }
        if showPlan && seed == nil { throw ValidationError("Name the seed whose faults are to be shown: --seed 17.") }
        do {
            _ = try Set<FaultKind>(parsing: faults)
        } catch {
            throw ValidationError("\(error)")
        }
    }

    func run() async throws {
        var scenario = ReplicationScenario()
        scenario.nodeCount = nodes
        scenario.writerCount = writers
        scenario.duration = .seconds(seconds)
        scenario.faults = try Set(parsing: faults)
        scenario.isInMemory = memory
        scenario.meanPause = .seconds(pause)
        scenario.gossipInterval = .seconds(gossip)
        if let seed, showPlan { return print(scenario.plan(of: seed)) }
        let summary = SweepSummary(command: replayCommand)
        let report = await sweep.run(progress: summary.note, scenario.run)
        summary.finish()
        let text = json ? summary.json(report) : summary.text(report)
        print(text)
        if let path = self.report { try summary.write(text, to: path) }
        if !report.isClean { throw ExitCode(1) }
    }

    private var sweep: SeedSweep {
        var configuration = SimulationConfiguration(maximumSteps: 200_000_000, keptSteps: trace)
        configuration.stepCost = .upTo(.microseconds(20))
        return SeedSweep(
            seeds: seed.map { [$0] } ?? Array(from..<from + seeds),
            configuration: configuration,
            simultaneous: simultaneous,
            // A seed that is replayed is known to repeat.
            repeatInterval: seed == nil ? 20 : 0,
            maximumFailures: failures,
            shrinkingRuns: 0
        )
    }

    private var replayCommand: String {
        "fieldnotes-simulate --nodes \(nodes) --writers \(writers) --seconds \(seconds) --pause \(pause) "
            + "--gossip \(gossip) --faults \(faults)\(memory ? " --memory" : "")"
    }
}
