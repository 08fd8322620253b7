internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

/// `aura`: care for what Aura's handlers keep.
@main
struct AuraCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aura",
        abstract: "Look into journals, storage and buckets, move what they hold, and keep them well.",
        discussion: """
            A LOCATION names where a journal or a storage is:
              sqlite:notes.db                      HANDLER:PATH
              sqlite:notes.db,synchronous=normal   with other settings of the handler
              profile:embedded                     the handler of a profile
              profile:embedded,instance=archive    one of several of the profile
            In values '\\,' is a comma, and ${secret:NAME} stands for a secret. 'aura profile list' shows handlers and profiles.

            Examples:
              aura journal info sqlite:.aura/journal.db
              aura journal tail profile:embedded --follow
              aura storage get profile:embedded notes/1
              aura database status profile:server
              aura keys list profile:server
              aura cloud ls --profile production

            Every command takes --json: one object, or a line of JSON for each item where there may be many; an error is \
            an object with the key 'error'.

            Exit codes: 0 done, 1 failed, 64 wrong usage, 65 damaged or altered data, 66 what is named is not there, \
            78 the location or the profile is wrong or its handler is not linked, 130 stopped by a signal before it was done.
            """,
        subcommands: [
            JournalCommand.self, StorageCommand.self, DatabaseCommand.self, KeysCommand.self, IdentityCommand.self,
            TimeCommand.self, CloudCommand.self, PolicyCommand.self, ProfileCommand.self, CompletionsCommand.self,
        ]
    )

    // Concurrent, since `@main` takes no nonsending function.
    @concurrent
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            guard let failure = CommandFailure(error, of: Self.self, exitCode: Self.exitCode(of:)) else {
                exit(withError: error)
            }
            // What is wrong goes where the command's output goes, so that a program reads one stream.
            if CommandLine.arguments.contains("--json") {
                print(failure.json.line)
            } else {
                Terminal.message(failure.text)
            }
            exit(withError: ExitCode(failure.code))
        }
    }

    private static func exitCode(of error: EffectError) -> Int32 {
        switch error.code {
        case .corrupted: ApplicationExit.damaged
        case .notFound: ApplicationExit.missing
        case .unimplemented: ApplicationExit.badProfile
        default: ApplicationExit.failure
        }
    }
}
