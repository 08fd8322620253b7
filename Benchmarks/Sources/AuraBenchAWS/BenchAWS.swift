internal import ArgumentParser
internal import CBaselineAWS
internal import Glibc
internal import Measuring

@main
struct BenchAWS: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aura-bench-aws",
        abstract: "Measures Amazon S3, DynamoDB and SQS against boto3 and curl, on a server in C.",
        discussion: Suite.help(Suite.all),
        subcommands: [Run.self, Serve.self, Work.self],
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

/// The server of the measurements, in a process of its own.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "serve", shouldDisplay: false)

    @Argument var port: UInt16

    func run() {
        baseline_serve_objects(port)
    }
}

/// One sample's work in a process of its own, which stops itself once it is done.
struct Work: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "work", shouldDisplay: false)

    @Argument var work: BucketWork
    @Argument var port: UInt16
    @Argument var file = ""

    func run() async throws {
        try await work.run(port: port, file: file)
        if work != .first { raise(SIGSTOP) }
    }
}

extension Suite {
    static let all: [Suite] = [aws]

    static let aws = Suite(
        name: "aws",
        summary: "signatures, objects, items and messages of AWS against boto3 and curl"
    ) { scale in
        [
            Signatures(count: scale.count(20_000)),
            SmallGets(count: scale.count(5000)),
            LargePut(),
            PeakMemory("s3-put-64MiB-memory", .put, folder: scale.folder, mebibytes: 64),
            LargeGet(folder: scale.folder),
            PeakMemory("s3-get-1GiB-memory", .get, folder: scale.folder, mebibytes: 48),
            FirstRequest(),
            ServiceCalls(.put, count: scale.count(5000)),
            ServiceCalls(.get, count: scale.count(5000)),
            ServiceCalls(.roundtrip, count: scale.count(2000)),
        ]
    }
}
