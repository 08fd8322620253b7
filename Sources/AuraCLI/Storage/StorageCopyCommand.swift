internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import AuraTransfer

struct StorageCopyCommand: OpeningCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy",
        abstract: "Copy values to another storage, and read each one back.",
        discussion: """
            Values that the destination has already are passed by, so a copy that was stopped goes on when it is run again; \
            another value under the same key is replaced. Keys that only the destination has are left alone. A destination \
            that is missing is made.

            Examples:
              aura storage copy profile:embedded sqlite:copy.db
              aura storage copy sqlite:old.db profile:embedded --prefix notes/ --json
            """
    )

    @Argument(help: "The storage to read: HANDLER:PATH or profile:NAME.")
    var source: Location

    @Argument(help: "The storage to write: HANDLER:PATH or profile:NAME.")
    var destination: Location

    @Option(help: "Only keys that begin with this.")
    var prefix = ""

    @OptionGroup var output: OutputOptions

    func execute() async throws {
        try await source.open(StorageEffect.self, .existing, logger: output.logger) { source in
            try await destination.open(StorageEffect.self, .orNew, logger: output.logger) { destination in
                try await StoppableProcess.cancellingAtStop {
                    try await copy(source.handler, to: destination.handler, source.effects.time)
                }
            }
        }
    }

    private func copy(
        _ source: any StorageEffects,
        to destination: any StorageEffects,
        _ time: any TimeEffects
    ) async throws {
        let progress = TransferDisplay(time, "values copied", isShown: !output.json)
        defer { progress.finish() }
        let receipt = try await StorageCopy(from: source, to: destination).run(prefix: prefix) { progress.show($0) }
        progress.finish()
        output.print(
            [
                "written": .integer(receipt.written),
                "known": .integer(receipt.known),
                "bytes": .integer(receipt.bytes),
            ],
            text: "\(receipt.written.counted("value", "values")) copied, \(ByteCount(bytes: receipt.bytes)); "
                + "\(receipt.known) were there"
        )
    }
}
