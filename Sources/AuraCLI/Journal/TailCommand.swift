internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct JournalTailCommand: OneJournalCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail",
        abstract: "Print a journal's entries: the last ones, those after a position, and new ones as they come.",
        discussion: """
            A line has position, stream:revision, time (UTC), kind and payload: as text where it is UTF-8, otherwise in \
            hexadecimal. With --json each entry is a line of JSON with the whole payload, hash and id.

            Examples:
              aura journal tail profile:embedded
              aura journal tail profile:embedded --follow --kind note.added/1
              aura journal tail sqlite:.aura/journal.db --after 120 --limit 50 --json
            """
    )

    @Argument(help: .journalLocation)
    var location: Location

    @Option(help: ArgumentHelp("Begin after this position instead of at the last entries.", valueName: "position"))
    var after: UInt64?

    @Option(help: "How many entries: the last 10 without it; with --after all.")
    var limit: Int?

    @Option(name: .customLong("stream"), help: "Only entries of this stream; may be repeated.")
    var streams: [String] = []

    @Option(name: .customLong("kind"), help: "Only entries of this kind; may be repeated.")
    var kinds: [String] = []

    @Flag(
        name: .shortAndLong,
        help: "Go on with new entries until the command is stopped; --limit counts those before."
    )
    var follow = false

    @Flag(help: "Print long payloads whole.")
    var full = false

    @OptionGroup var output: OutputOptions

    func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
    }

    func run(_ journal: Opened<any JournalEffects>) async throws {
        do {
            let end = try await printPast(of: journal.handler)
            if follow { try await printNew(of: journal.handler, after: end) }
        } catch let error as EffectError where follow && error.code == .cancelled {
            // To be stopped is how following ends.
            throw ExitCode(ApplicationExit.stopped)
        }
    }

    private var filter: EntryFilter {
        EntryFilter(streams: Set(streams.map { StreamName($0) }), kinds: Set(kinds.map { EntryKind($0) }))
    }

    /// Prints what is there already.
    ///
    /// - Returns: The position after which new entries come.
    private func printPast(of journal: any JournalEffects) async throws(EffectError) -> Position {
        guard let after else {
            let (entries, end) = try await JournalTail(journal: journal).last(limit ?? 10, filter)
            for entry in entries { show(entry) }
            return end
        }
        var position = Position(rawValue: after)
        var rest = limit ?? .max
        while rest > 0 {
            let page = try await journal.readAll(after: position, limit: 1000)
            guard let last = page.last else { break }
            let entries = page.filter(filter.matches).prefix(rest)
            for entry in entries { show(entry) }
            rest -= entries.count
            // Those that did not fit in are the first new ones of a reader that follows.
            position = rest == 0 ? entries.last?.position ?? last.position : last.position
        }
        return position
    }

    private func printNew(of journal: any JournalEffects, after position: Position) async throws {
        let filter = filter
        Terminal.flush()
        for try await entry in journal.subscribe(after: position) where filter.matches(entry) {
            show(entry)
            Terminal.flush()
        }
    }

    private func show(_ entry: JournalEntry) {
        print(output.json ? entry.json.line : entry.line(isWhole: full))
    }
}
