internal import ArgumentParser

struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Look into journals, check them, move them and keep them well.",
        discussion: """
            Examples:
              aura journal info sqlite:.aura/journal.db
            """,
        subcommands: [
            JournalInfoCommand.self, JournalExportCommand.self, JournalImportCommand.self, JournalCopyCommand.self,
        ]
    )
}
