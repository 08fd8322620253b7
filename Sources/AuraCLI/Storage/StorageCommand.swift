internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct StorageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "storage",
        abstract: "List, read, write, remove and copy stored values.",
        discussion: """
            LOCATION is HANDLER:PATH or profile:NAME; 'aura --help' says more.

            Examples:
              aura storage ls sqlite:.aura/storage.db --prefix notes/
              aura storage get profile:embedded notes/1 > note.txt
              aura storage copy profile:embedded sqlite:copy.db
            """,
        subcommands: [
            StorageListCommand.self, StorageGetCommand.self, StoragePutCommand.self, StorageRemoveCommand.self,
            StorageCopyCommand.self,
        ]
    )
}
