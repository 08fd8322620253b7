internal import ArgumentParser
internal import AuraEffects

/// The command line of an application: its own commands, `run`, and `profile`.
struct ApplicationRoot<Application: AuraApplication>: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: Application.name,
            abstract: Application.abstract,
            discussion: discussion,
            subcommands: Application.commands.map { $0 as any ParsableCommand.Type }
                + [RunCommand<Application>.self, ProfileCommand<Application>.self],
            defaultSubcommand: Application.commands.isEmpty ? RunCommand<Application>.self : nil
        )
    }

    private static var discussion: String {
        let exits = """
            Exit codes: 0 done, 1 failed, 64 wrong usage, 65 the recording to replay was altered, 66 there is none, 73 the \
            recording cannot be made, 76 the run differs from the recording that it replays, 78 the profile is wrong or does \
            not meet the application's needs, 130 stopped by a signal before it was done.
            """
        let selection = "Without --profile and $APP_PROFILE the profile is '\(Application.defaultProfile)'."
        return [Application.discussion, selection, exits].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    /// Runs the process's command line and exits.
    static func runProcess() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            guard let failure = CommandFailure(error, of: Self.self) else { exit(withError: error) }
            Terminal.message(failure.text)
            exit(withError: ExitCode(failure.code))
        }
    }
}

/// Runs the application itself.
struct RunCommand<Application: AuraApplication>: ApplicationCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "run",
            abstract: "Run \(Application.name) until it is done or is asked to stop.",
            shouldDisplay: Application.showsRun
        )
    }

    @OptionGroup var options: ApplicationOptions

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        try await Application().run(effects, context)
    }
}
