internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct CloudCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cloud",
        abstract: "List, copy, read and remove the objects of a profile's bucket, and set up what a profile needs.",
        discussion: """
            The bucket is the 'objects' of a profile, whatever its handler. In 'cp' an object is written 'cloud:KEY'.

            Examples:
              aura cloud ls --profile production reports/
              aura cloud cp report.pdf cloud:reports/2026.pdf --profile production
              aura cloud cat reports/2026.txt --profile production --instance archive
              aura cloud setup --profile production-aws
            """,
        subcommands: [
            CloudListCommand.self, CloudCopyCommand.self, CloudCatCommand.self, CloudRemoveCommand.self,
            CloudPresignCommand.self, CloudSetupCommand.self,
        ]
    )
}

/// Which bucket a command is about.
struct BucketOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The profile: a name or a path (default: $APP_PROFILE).", valueName: "name|path")
    )
    var profile: String?

    @Option(help: ArgumentHelp("One of several buckets of the profile.", valueName: "name"))
    var instance: String?

    func validate() throws {
        guard profile ?? Host.variables["APP_PROFILE"] != nil else {
            throw ValidationError("Name a profile: '--profile NAME', or set APP_PROFILE.")
        }
    }

    /// The bucket as a location.
    var location: Location {
        func escaped(_ text: String) -> String {
            text.map { $0 == "," || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
        }
        let name = escaped(profile ?? Host.variables["APP_PROFILE"] ?? "")
        let instance = instance.map { ",instance=\(escaped($0))" } ?? ""
        return Location(argument: "profile:\(name)\(instance)")
    }
}

/// A command that works on one bucket.
protocol OneBucketCommand: OpeningCommand {
    var bucket: BucketOptions { get }
    static var use: Location.Use { get }

    func run(_ opened: Opened<any ObjectStorageEffects>) async throws
}

extension OneBucketCommand {
    static var use: Location.Use { .existing }

    func execute() async throws {
        try await bucket.location.open(ObjectsEffect.self, Self.use, logger: output.logger) { opened in
            try await StoppableProcess.cancellingAtStop { try await run(opened) }
        }
    }
}

extension Opened where Handler == any ObjectStorageEffects {
    /// Why there is nothing to read.
    func missing(_ key: String, in operation: String) -> EffectError {
        EffectError(
            .notFound,
            "There is no object '\(BytesText.printable(key))': 'aura cloud ls' lists the keys.",
            effect: resolved.key,
            operation: operation,
            handler: resolved.technology
        )
    }
}
