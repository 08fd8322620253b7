internal import ArgumentParser
internal import Measuring

@main
struct BenchCrypto: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aura-bench-crypto",
        abstract: "Measures encryption against OpenSSL's own measure and against storage without it, and signatures.",
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
    static let all: [Suite] = [crypto]

    static let crypto = Suite(
        name: "crypto",
        summary: "ciphers against 'openssl speed', encrypted storage and signed journals against the same without"
    ) { scale in
        [
            SealedMessages(count: scale.count(1000)),
            EncryptedStorage(folder: scale.folder, count: scale.count(2000)),
            SignedJournal(folder: scale.folder, count: scale.count(20_000)),
        ]
    }
}
