internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import AuraTransfer

struct JournalImportCommand: OneJournalCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Merge a file that 'export' wrote into a journal.",
        discussion: """
            Every line is checked before it is merged, and an altered one is refused by its number. An import that was \
            stopped goes on when it is run again. A journal that is missing is made.

            Examples:
              aura journal import sqlite:new.db journal.jsonl
              zstd -dc journal.jsonl.zst | aura journal import sqlite:new.db -
            """
    )
    static let use = Location.Use.orNew

    @Argument(help: "The journal: HANDLER:PATH or profile:NAME.")
    var location: Location

    @Argument(help: "The file to read; '-' is the standard input.", completion: .file())
    var file: String

    @OptionGroup var output: OutputOptions

    func run(_ journal: Opened<any JournalEffects>) async throws {
        let progress = TransferDisplay(journal.effects.time, "entries imported", isShown: !output.json)
        defer { progress.finish() }
        let receipt = try await JournalImport(into: journal.handler)
            .run(from: try ImportFile(file)) { progress.show($0) }
        progress.finish()
        let isEqual = receipt.rootHash == receipt.journalRootHash
        output.print(
            [
                "added": .integer(receipt.added),
                "known": .integer(receipt.known),
                "rootHash": .string(receipt.rootHash.description),
                "journalRootHash": .string(receipt.journalRootHash.description),
                "isEqual": .boolean(isEqual),
            ],
            text: """
                \(receipt.added.counted("entry", "entries")) imported, \(receipt.known) were there
                root hash of the file     \(receipt.rootHash)
                root hash of the journal  \(receipt.journalRootHash)\(isEqual ? "" : ": it holds more than the file")
                """
        )
    }
}
