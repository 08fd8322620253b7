internal import ArgumentParser
internal import AuraRuntime

struct DatabaseMigrateCommand: DatabaseSubcommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Make the tables, or bring them up to this code's version.",
        discussion: """
            It takes place in one transaction: afterwards the tables are as before or new. Of several processes that migrate at \
            once one does it and the others wait. The role needs the right to create tables in the schema.

            Examples:
              aura database migrate profile:server
              aura database migrate profile:server --json
            """
    )

    @Argument(help: "Where the tables are: HANDLER:ADDRESS or profile:NAME.")
    var location: Location

    @OptionGroup var output: OutputOptions

    func execute() async throws {
        try await StoppableProcess.cancellingAtStop {
            for before in try await maintain({ $0.migrate }) { report(before: before) }
        }
    }

    private func report(before: SchemaMaintenance.Status) {
        let after = max(before.version, before.codeVersion)
        let place = "Schema '\(before.schema)' of \(before.database)"
        output.print(
            [
                "database": .string(before.database), "schema": .string(before.schema),
                "before": .integer(before.version), "version": .integer(after),
            ],
            text: before.isBehind
                ? "\(place) went from version \(before.version) to \(after)."
                : "\(place) has version \(after) already; nothing was changed."
        )
    }
}
