internal import ArgumentParser
internal import CBaseline
internal import Measuring

@main
struct Bench: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aura-bench",
        abstract: "Measures Aura against baselines that do the same work.",
        discussion: Suite.help(Suite.all),
        subcommands: [Run.self, EmbeddedJournal.self],
        defaultSubcommand: Run.self
    )
}

struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Measures a suite, or all: \(Suite.all.map(\.name).joined(separator: ", "))."
    )

    @OptionGroup var options: RunOptions

    func validate() throws {
        try options.validate(among: Suite.all)
    }

    func run() async throws {
        try await options.run(Suite.all) { folder in
            if machine_is_in_memory(folder) { report("Note: \(folder) lies in memory, so syncs cost nothing there.") }
        }
    }
}
