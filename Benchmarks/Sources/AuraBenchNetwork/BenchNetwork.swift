internal import ArgumentParser
internal import Measuring

@main
struct BenchNetwork: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aura-bench-network",
        abstract: "Measures the network over TLS against OpenSSL on blocking sockets.",
        discussion: Suite.help(Suite.all),
        subcommands: [Run.self, LoadingPeers.self],
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
    static let all: [Suite] = [network]
}
