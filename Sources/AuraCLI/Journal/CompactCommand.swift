internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct JournalCompactCommand: OneJournalCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Drop the payloads of a stream's old entries, which a snapshot stands for.",
        discussion: """
            Headers, hashes and ids stay: verification and replication go on working. The payloads are gone for good: make a \
            backup first. Only what a snapshot of the stream stands for can go; an application saves snapshots.

            Examples:
              aura journal compact profile:embedded notes --dry-run
              aura journal compact profile:embedded notes --before 1000
            """
    )

    @Argument(help: .journalLocation)
    var location: Location

    @Argument(help: "The stream; 'aura journal info --streams' lists them.")
    var stream: String

    @Option(
        help: ArgumentHelp(
            "Drop payloads below this revision; without it, all that the snapshot stands for.",
            valueName: "revision"
        )
    )
    var before: UInt64?

    @Flag(help: "Only say what would go.")
    var dryRun = false

    @OptionGroup var output: OutputOptions

    func run(_ journal: Opened<any JournalEffects>) async throws {
        let stream = StreamName(stream)
        let journal = journal.handler
        try check(journal.capabilities)
        guard let snapshot = try await journal.latestSnapshot(of: stream) else {
            throw EffectError(
                .preconditionFailed,
                "Stream '\(stream)' has no snapshot that could stand for its entries: let the application save one first."
            )
        }
        let revision = before.map(Revision.init) ?? snapshot.revision
        guard revision <= snapshot.revision else {
            throw EffectError(
                .preconditionFailed,
                "The snapshot of stream '\(stream)' stands for the entries below revision \(snapshot.revision) only: compact "
                    + "before that one, or let the application save a later one first."
            )
        }
        let droppable = try await Self.droppable(in: stream, before: revision, of: journal)
        if !dryRun { try await journal.compact(stream, before: revision) }
        let verb = dryRun ? "would lose" : "lost"
        let entries = droppable.count.counted("entry", "entries")
        output.print(
            [
                "stream": .string(stream.text),
                "before": .integer(Int(clamping: revision.rawValue)),
                "entries": .integer(droppable.count),
                "payloadBytes": .integer(droppable.bytes),
                "dryRun": .boolean(dryRun),
            ],
            text: "\(entries) of stream '\(BytesText.printable(stream.text))' below revision \(revision) \(verb) "
                + "\(droppable.count == 1 ? "its payload" : "their payloads"), \(ByteCount(bytes: droppable.bytes))"
        )
    }

    private func check(_ capabilities: Capabilities) throws(EffectError) {
        guard capabilities.contains(.compaction), capabilities.contains(.snapshots) else {
            throw EffectError(.unsupported, "This handler does not declare the capability 'compaction'.")
        }
    }

    /// How many entries below a revision still have their payloads, and how large those are.
    private static func droppable(
        in stream: StreamName,
        before revision: Revision,
        of journal: any JournalEffects
    ) async throws(EffectError) -> (count: Int, bytes: Int) {
        var (count, bytes, next) = (0, 0, revision.rawValue)
        while next > 0 {
            let page: [JournalEntry]
            do throws(EffectError) {
                page = try await journal.read(
                    stream,
                    from: Revision(rawValue: next - 1),
                    limit: 1000,
                    backwards: true
                )
            } catch  where error.code == .compacted {
                break
            }
            guard let last = page.last else { break }
            let payloads = page.compactMap(\.payload)
            count += payloads.count
            bytes += payloads.reduce(0) { $0 + $1.count }
            next = last.revision.rawValue
        }
        return (count, bytes)
    }
}
