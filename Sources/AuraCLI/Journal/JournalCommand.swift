internal import ArgumentParser

struct JournalCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "journal",
        abstract: "Look into journals, check them, move them and keep them well.",
        discussion: """
            LOCATION is HANDLER:PATH or profile:NAME; 'aura --help' says more.

            Examples:
              aura journal info sqlite:.aura/journal.db
              aura journal verify profile:embedded
              aura journal backup profile:embedded /media/stick/journal.backup
            """,
        subcommands: [
            JournalInfoCommand.self, JournalTailCommand.self, JournalVerifyCommand.self, JournalCompactCommand.self,
            JournalBackupCommand.self, JournalRestoreCommand.self, JournalAdoptCommand.self, JournalExportCommand.self,
            JournalImportCommand.self, JournalCopyCommand.self,
        ]
    )
}
