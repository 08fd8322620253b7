internal import ArgumentParser
internal import CBaseline

@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aura-bench",
        abstract: "Measures Aura against baselines that do the same work.",
        discussion: """
            Suites, all of them where none is named:
            \(Suite.all.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

            The table goes to standard output, progress to standard error, and the rows as JSON to OUTPUT/SUITE.json. \
            Figures are medians; 'ratio' is how many times better ours is.
            """,
        subcommands: [Run.self, EmbeddedJournal.self],
        defaultSubcommand: Run.self
    )
}

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Measures a suite, or all: \(Suite.all.map(\.name).joined(separator: ", "))."
    )

    @Argument(help: "The suite's name (default: every suite, one after the other).")
    var suite: String?

    @Option(help: "With a suite's name: measure only the row of this name; the results then hold that row alone.")
    var row: String?

    @Option(help: "How many rounds ours and the baseline are measured in turn.")
    var rounds = 5

    @Flag(help: "A tenth of the work in one round: to see that the suite runs.")
    var quick = false

    @Option(help: "The folder for the results and the samples' files.")
    var output = ".build/bench"

    func validate() throws {
        let names = Suite.all.map(\.name).joined(separator: ", ")
        if let suite, Suite.named(suite) == nil {
            throw ValidationError("There is no suite '\(suite)'. The suites are: \(names).")
        }
        if suite == nil && row != nil {
            throw ValidationError("A row belongs to a suite: name the suite before --row. The suites are: \(names).")
        }
        guard rounds >= 1 else { throw ValidationError("Measure at least one round.") }
    }

    func run() async throws {
        let folder = "\(output)/data"
        try makeFolder(folder)
        if machine_is_in_memory(folder) { report("Note: \(folder) lies in memory, so syncs cost nothing there.") }
        #if DEBUG
        report("Note: this is a debug build; its figures mean nothing. Build with -c release.")
        #endif
        for chosen in Suite.all where suite == nil || chosen.name == suite {
            try await run(chosen, in: folder)
        }
    }

    private func run(_ suite: Suite, in folder: String) async throws {
        var results: [Result] = []
        let comparisons = suite.comparisons(Scale(isQuick: quick, folder: folder))
        let chosen = comparisons.filter { row == nil || $0.name == row }
        guard !chosen.isEmpty else {
            let names = comparisons.map(\.name).joined(separator: ", ")
            throw ValidationError("The suite '\(suite.name)' has no such row. Its rows are: \(names).")
        }
        for comparison in chosen {
            results.append(try await measure(comparison, rounds: quick ? 1 : rounds))
        }
        let path = "\(output)/\(suite.name).json"
        try write(json(results), to: path)
        printTable(results)
        report("Written to \(path).")
    }
}
