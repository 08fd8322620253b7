internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import AuraTransfer

struct JournalExportCommand: OneJournalCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write a journal as lines of text with hashes.",
        discussion: """
            The file appears once it is complete; an older one of its name is replaced then. 'docs/export-format.md' \
            describes the lines. The journal may be in use: the export holds what the journal held when it began.

            Examples:
              aura journal export sqlite:.aura/journal.db journal.jsonl
              aura journal export profile:server - | zstd > journal.jsonl.zst
            """
    )

    @Argument(help: "The journal: HANDLER:PATH or profile:NAME.")
    var location: Location

    @Argument(help: "The file to write; '-' is the standard output.", completion: .file())
    var file: String

    @OptionGroup var output: OutputOptions

    func run(_ journal: Opened<any JournalEffects>) async throws {
        let sink: any ByteSink = file == "-" ? ExportOutput() : try ExportFile(file)
        let progress = TransferDisplay(journal.effects.time, "entries exported", isShown: !output.json)
        defer { progress.finish() }
        let receipt = try await JournalExport(of: journal.handler).run(to: sink) { progress.show($0) }
        progress.finish()
        // The standard output holds the export then, and nothing else.
        guard file != "-" else { return }
        output.print(
            [
                "entries": .integer(receipt.entries),
                "snapshots": .integer(receipt.snapshots),
                "bytes": .integer(receipt.bytes),
                "rootHash": .string(receipt.rootHash.description),
            ],
            text: "\(receipt.entries.counted("entry", "entries")) exported to \(file)\nroot hash \(receipt.rootHash)"
        )
    }
}
