internal import ArgumentParser
internal import AuraRuntime

struct DatabaseStatusCommand: DatabaseSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show which version the tables have, and whether this code works with them.",
        discussion: """
            Nothing is changed. The exit code is 1 where this code does not work with all tables.

            Examples:
              aura database status profile:server
              aura database status profile:server --json
            """
    )

    @Argument(help: "Where the tables are: HANDLER:ADDRESS or profile:NAME.")
    var location: Location

    @OptionGroup var output: OutputOptions

    func execute() async throws {
        try await StoppableProcess.cancellingAtStop {
            let statuses = try await maintain { $0.status }
            for status in statuses { output.print(status.json, text: status.text) }
            guard statuses.allSatisfy(\.isUsable) else { throw ExitCode.failure }
        }
    }
}
