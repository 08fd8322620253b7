internal import ArgumentParser
internal import Glibc
internal import Measuring

/// What ``EmbeddedPeakMemory`` runs as a process of its own.
struct EmbeddedJournal: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "embedded-journal",
        abstract: "Takes entries into a journal in the environment 'embedded', reads them all and stops itself.",
        shouldDisplay: false
    )

    @Argument var path: String
    @Argument var entries: Int

    func run() async throws {
        try await JournalOnSQLite.open(path, environment: "embedded") { journal, _ in
            try await DraftStream.append(entries, entriesPerAppend: 10, tasks: 8, to: journal)
            report("embedded-peak-memory: reading")
            let count = try await journal.countByReadingAll(pageSize: 1000)
            guard count == entries else { throw MissingEntries(expected: entries, found: count) }
        }
        raise(SIGSTOP)
    }
}
