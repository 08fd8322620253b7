internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct JournalBackupCommand: OneJournalCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a journal into a file while it is in use.",
        discussion: """
            The copy is one consistent state, synced to disk. To put it back, use 'aura journal restore': a copy that goes on \
            writing beside its original must adopt an origin of its own.

            Examples:
              aura journal backup profile:embedded /media/stick/journal.backup
              aura journal backup sqlite:.aura/journal.db journal.backup --force
            """
    )

    @Argument(help: .journalLocation)
    var location: Location

    @Argument(help: "The backup's path.", completion: .file())
    var file: String

    @Flag(help: "Replace a file that is there.")
    var force = false

    @OptionGroup var output: OutputOptions

    func run(_ journal: Opened<any JournalEffects>) async throws {
        let maintained = try journal.maintained("backup")
        guard force || !Host.exists(file) else {
            throw EffectError(.conflict, "There is a \(file) already: name another file, or replace it with --force.")
        }
        let frontier = try await maintained.frontier()
        try await backUp(maintained, display: journal.display)
        output.print(
            ["file": .string(file), "entries": .integer(frontier.entryCount)],
            text: "\(file): \(frontier.entryCount.counted("entry", "entries")), and what was appended while it was made"
        )
    }

    private func backUp(
        _ journal: any JournalMaintenance,
        display: ProgressDisplay
    ) async throws(EffectError) {
        defer { display.finish() }
        try await journal.backup(to: file) { copied, total in
            display.show("\(copied) of \(total) pages", done: copied, of: total)
        }
    }
}

extension Opened where Handler == any JournalEffects {
    /// The journal's care of its own data.
    ///
    /// - Parameter operation: What is asked for.
    /// - Returns: The journal with what its handler can do for it.
    /// - Throws: `unsupported` where the handler has no such thing.
    func maintained(_ operation: String) throws(EffectError) -> any JournalMaintenance {
        guard let maintained = handler.maintenance else {
            throw EffectError(
                .unsupported,
                "This handler has no files of its own to care for: use 'aura journal copy' or 'aura journal export'.",
                effect: resolved.key,
                operation: operation,
                handler: resolved.technology
            )
        }
        return maintained
    }
}
