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
            Exit codes: 0 done, 1 failed, 64 wrong usage, 78 the profile is wrong or does not meet the application's needs, \
            130 stopped by a signal before it was done.
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
            guard let code = report(error) else { exit(withError: error) }
            exit(withError: ExitCode(code))
        }
    }

    /// Prints an error of the application or of its profile.
    ///
    /// - Parameter error: What a command threw.
    /// - Returns: The code to exit with; `nil` for help, which the argument parser itself prints.
    private static func report(_ error: any Error) -> Int32? {
        switch error {
        case let errors as ProfileErrors:
            Host.writeToStandardError(errors.errors.map { "error: \($0)\n" }.joined())
            return ApplicationExit.badProfile
        case is StoppedBySignal:
            Host.writeToStandardError("error: stopped by a signal before it was done\n")
            return ApplicationExit.stopped
        case let error as EffectError:
            Host.writeToStandardError("error: \(error)\n")
            return ApplicationExit.failure
        case is ExitCode, is CleanExit:
            return nil
        default:
            switch exitCode(for: error) {
            case .success:
                return nil
            case .validationFailure:
                // The parser begins its message with a capital; every other error here does not.
                let message = fullMessage(for: error)
                let prefix = "Error: "
                let text = message.hasPrefix(prefix) ? "error: \(message.dropFirst(prefix.count))" : message
                Host.writeToStandardError("\(text)\n")
                return ExitCode.validationFailure.rawValue
            default:
                Host.writeToStandardError("error: \(error)\n")
                return ApplicationExit.failure
            }
        }
    }
}

/// The codes that a process exits with, besides 0 and the argument parser's 64.
enum ApplicationExit {
    static let failure: Int32 = 1
    /// `EX_CONFIG`.
    static let badProfile: Int32 = 78
    /// What a shell shows for a command that SIGINT ended.
    static let stopped: Int32 = 130
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
