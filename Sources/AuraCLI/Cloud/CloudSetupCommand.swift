internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct CloudSetupCommand: OpeningCommand {
    static let configuration = CommandConfiguration(
        commandName: "setup",
        abstract: "Say which buckets, tables and queues a profile lacks, and make them.",
        discussion: """
            Nothing is made without --create, and what is there stays as it is. The exit code is 1 where something is missing.

            Examples:
              aura cloud setup --profile production-aws
              aura cloud setup --profile production-aws --create
            """
    )

    @Option(help: ArgumentHelp("The profile: a name or a path (default: $APP_PROFILE).", valueName: "name|path"))
    var profile: String?

    @Flag(help: "Make what is missing.")
    var create = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard profile ?? Host.variables["APP_PROFILE"] != nil else {
            throw ValidationError("Name a profile: '--profile NAME', or set APP_PROFILE.")
        }
    }

    func execute() async throws {
        let name = profile ?? Host.variables["APP_PROFILE"] ?? ""
        let assembly = try Assembly(try Profile.find(name), LinkedHandlers.registry)
        try await StoppableProcess.cancellingAtStop {
            let found = try await assembly.serviceResources(creates: create, logger: output.logger)
            for (key, resource) in found { report(resource, key) }
            if found.isEmpty { Terminal.message("No handler of this profile needs anything made.") }
            if !create, found.contains(where: { !$0.resource.exists }) { throw ExitCode.failure }
        }
    }

    private func report(_ resource: ServiceResource, _ key: String) {
        if output.json {
            let json: JSONValue = [
                "key": .string(key), "kind": .string(resource.kind), "name": .string(resource.name),
                "existed": .boolean(resource.exists), "created": .boolean(create && !resource.exists),
            ]
            return print(json.line)
        }
        let said =
            switch (resource.exists, create) {
            case (true, _): "is there"
            case (false, true): "was made"
            case (false, false): "is missing; 'aura cloud setup --create' makes it"
            }
        print("\(resource.kind) \(BytesText.printable(resource.name)) of '\(key)' \(said)")
    }
}
