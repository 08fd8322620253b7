internal import ArgumentParser
internal import Measuring

@main
struct BenchHTTP: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aura-bench-http",
        abstract: "Measures requests over HTTP against a loop in C over libcurl.",
        discussion: Suite.help(Suite.all),
        subcommands: [Run.self],
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
        try await options.run(Suite.all)
    }
}

extension Suite {
    static let all: [Suite] = [http]
}
