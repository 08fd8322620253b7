package import ArgumentParser

/// What a run of suites is told on the command line.
package struct RunOptions: ParsableArguments {
    @Argument(help: "The suite's name (default: every suite, one after the other).")
    package var suite: String?

    @Option(help: "With a suite's name: measure only the row of this name; the results then hold that row alone.")
    package var row: String?

    @Option(help: "How many rounds ours and the baseline are measured in turn.")
    package var rounds = 5

    @Flag(help: "A tenth of the work in one round: to see that the suite runs.")
    package var quick = false

    @Option(help: "The folder for the results and the samples' files.")
    package var output = ".build/bench"

    package init() {}

    /// Refuses names that are none of the suites'.
    package func validate(among suites: [Suite]) throws {
        let names = suites.map(\.name).joined(separator: ", ")
        if let suite, !suites.contains(where: { $0.name == suite }) {
            throw ValidationError("There is no suite '\(suite)'. The suites are: \(names).")
        }
        if suite == nil && row != nil {
            throw ValidationError("A row belongs to a suite: name the suite before --row. The suites are: \(names).")
        }
        guard rounds >= 1 else { throw ValidationError("Measure at least one round.") }
    }

    /// Measures the suites that were named.
    ///
    /// - Parameters:
    ///   - suites: Those there are.
    ///   - folderCheck: Told the folder of the samples' files before the first one.
    /// - Throws: What a row throws; an error that says what there is for a row that there is not.
    package func run(_ suites: [Suite], folderCheck: (String) -> Void = { _ in }) async throws {
        let folder = "\(output)/data"
        try makeFolder(folder)
        folderCheck(folder)
        #if DEBUG
        report("Note: this is a debug build; its figures mean nothing. Build with -c release.")
        #endif
        for chosen in suites where suite == nil || chosen.name == suite {
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

extension Suite {
    /// What the help says of some suites.
    package static func help(_ suites: [Suite]) -> String {
        """
        Suites, all of them where none is named:
        \(suites.map { "  \($0.name): \($0.summary)" }.joined(separator: "\n"))

        The table goes to standard output, progress to standard error, and the rows as JSON to OUTPUT/SUITE.json. \
        Figures are medians; 'ratio' is how many times better ours is.
        """
    }
}
