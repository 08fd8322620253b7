internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct CloudCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cloud",
        abstract: "Work with the services of a profile's cloud, and set up what it needs.",
        discussion: """
            Whatever its handler, the bucket of 'ls', 'cp', 'cat', 'rm' and 'presign' is the 'objects' of a profile; 'kv' works \
            on its 'keyValues', 'queue' on its 'queue', 'topic' on its 'topics' and 'function' on its 'functions'. In 'cp' an \
            object is written 'cloud:KEY'.

            Examples:
              aura cloud ls --profile production reports/
              aura cloud cp report.pdf cloud:reports/2026.pdf --profile production
              aura cloud cat reports/2026.txt --profile production --instance archive
              aura cloud kv get albums 1 --profile production
              aura cloud queue send 'order 7' --profile production
              aura cloud setup --profile production-aws
            """,
        subcommands: [
            CloudListCommand.self, CloudCopyCommand.self, CloudCatCommand.self, CloudRemoveCommand.self,
            CloudPresignCommand.self, KeyValueCommand.self, QueueCommand.self, TopicCommand.self, FunctionCommand.self,
            CloudSetupCommand.self,
        ]
    )
}

/// Which bucket, or other service of a cloud, a command is about.
struct CloudOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The profile: a name or a path (default: $APP_PROFILE).", valueName: "name|path")
    )
    var profile: String?

    @Option(help: ArgumentHelp("One of several instances of the profile.", valueName: "name"))
    var instance: String?

    func validate() throws {
        guard profile ?? Host.variables["APP_PROFILE"] != nil else {
            throw ValidationError("Name a profile: '--profile NAME', or set APP_PROFILE.")
        }
    }

    /// The service as a location.
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
protocol OneBucketCommand: CloudServiceCommand where Key == ObjectsEffect {
    var bucket: CloudOptions { get }
}

extension OneBucketCommand {
    var service: CloudOptions { bucket }
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
