internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct JournalRestoreCommand: OpeningCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put a backup in the place of a journal that nobody has open.",
        discussion: """
            The backup is checked first. A journal that is there is kept beside it, and one that a process has open is left \
            alone. The restored journal writes under a new origin, so that it cannot be confused with what its original \
            wrote after the backup.

            Examples:
              aura journal restore profile:embedded /media/stick/journal.backup
              aura journal restore sqlite:.aura/journal.db journal.backup --json
            """
    )

    @Argument(help: .journalLocation)
    var location: Location

    @Argument(help: "The backup's path.", completion: .file())
    var file: String

    @OptionGroup var output: OutputOptions

    func execute() async throws {
        let located = try location.located(JournalEffect.self, .orNew)
        try await StoppableProcess.cancellingAtStop {
            let receipt = try await located.restore(from: file, logger: output.logger) { time in
                ProgressDisplay(time, showsLines: false)
            }
            report(receipt, located.requiredPaths.joined(separator: ", "))
        }
    }

    private func report(_ receipt: RestoreReceipt, _ path: String) {
        var lines = [
            "\(path): \(receipt.entryCount.counted("entry", "entries")), checked",
            "It writes under the new origin \(receipt.origin).",
        ]
        if let kept = receipt.keptAside { lines.append("What was there before is kept as \(kept).") }
        output.print(
            [
                "path": .string(path),
                "entries": .integer(receipt.entryCount),
                "origin": .string(receipt.origin.description),
                "keptAside": .optional(receipt.keptAside),
            ],
            text: lines.joined(separator: "\n")
        )
    }
}
