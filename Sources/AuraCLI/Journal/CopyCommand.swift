internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import AuraTransfer

struct JournalCopyCommand: OpeningCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copy the entries that another journal lacks.",
        discussion: """
            Every hash is checked, and both journals are compared at the end. A copy that was stopped goes on when it is run \
            again. A destination that is missing is made.

            Examples:
              aura journal copy sqlite:.aura/journal.db sqlite:copy.db
              aura journal copy profile:embedded profile:server
            """
    )

    @Argument(help: "The journal to read: HANDLER:PATH or profile:NAME.")
    var source: Location

    @Argument(help: "The journal to write: HANDLER:PATH or profile:NAME.")
    var destination: Location

    @OptionGroup var output: OutputOptions

    func execute() async throws {
        try await source.open(JournalEffect.self, .existing, logger: output.logger) { source in
            try await destination.open(JournalEffect.self, .orNew, logger: output.logger) { destination in
                try await StoppableProcess.cancellingAtStop {
                    try await copy(source.handler, to: destination.handler, source.effects.time)
                }
            }
        }
    }

    private func copy(
        _ source: any JournalEffects,
        to destination: any JournalEffects,
        _ time: any TimeEffects
    ) async throws {
        let progress = TransferDisplay(time, "entries copied", isShown: !output.json)
        defer { progress.finish() }
        let receipt = try await JournalCopy(from: source, to: destination).run { progress.show($0) }
        progress.finish()
        let isEqual = receipt.sourceRootHash == receipt.destinationRootHash
        output.print(
            [
                "added": .integer(receipt.added),
                "known": .integer(receipt.known),
                "sourceRootHash": .string(receipt.sourceRootHash.description),
                "destinationRootHash": .string(receipt.destinationRootHash.description),
                "isEqual": .boolean(isEqual),
            ],
            text: """
                \(receipt.added.counted("entry", "entries")) copied, \(receipt.known) were there
                root hash of the source       \(receipt.sourceRootHash)
                root hash of the destination  \(receipt.destinationRootHash)\(isEqual ? "" : ": it holds more")
                """
        )
    }
}
