internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import FieldnotesCore

struct ExportCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write notes as text files.",
        discussion: """
            An imported note goes to its path below a folder named after its source, another to notes/<id>.txt. Files that are \
            there already are replaced, each as a whole. Of a note in conflict each other text goes beside it, to a file with \
            'conflict' in its name.

            Examples:
              fieldnotes export ~/notes-copy
              fieldnotes export birds --tag birds
            """
    )

    @Argument(help: "The folder; it is made where it is missing.")
    var folder: String

    @Option(name: .customLong("tag"), help: "Only notes with this tag; may be repeated.")
    var tags: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func validate() throws {
        try ValidationError.check(tags.tags)
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let damage = try await bringUpToDate(effects)
        var report = try await Exporter(Notebook(effects)).run(to: folder, tags: tags.tags())
        if let damage {
            report.failed.append("Notes from the first damaged entry on may be missing: \(damage.message)")
        }
        if json {
            let value: JSONValue = [
                "files": .integer(report.files),
                "bytes": .integer(report.textBytes),
                "conflicts": .integer(report.inConflict),
                "failed": .array(report.failed.map(JSONValue.string)),
            ]
            print(value)
        } else {
            print("\(report.files) files, \(ByteCount(bytes: report.textBytes)), written to \(folder)")
        }
        if report.inConflict > 0 {
            let notes = report.inConflict == 1 ? "1 note is" : "\(report.inConflict) notes are"
            Terminal.message(
                "\(notes) in conflict, each text in a file of its own: 'fieldnotes list --conflicts' names them.\n"
            )
        }
        for failure in report.failed { Terminal.message("error: \(failure)\n") }
        if !report.failed.isEmpty { throw ExitCode.failure }
    }

    /// Opens the notebook; damage in the journal is returned, since what lies before it can still be saved.
    private func bringUpToDate(_ effects: EffectSystem) async throws(EffectError) -> EffectError? {
        do throws(EffectError) {
            _ = try await Notebook.open(effects)
            return nil
        } catch  where error.code == .corrupted {
            return error
        }
    }
}

struct VerifyCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check the journal's chain of hashes and every note's text.",
        discussion: """
            Exit codes: 0 nothing is wrong, 1 something is.

            Example:
              fieldnotes verify
            """
    )

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let display = ProgressDisplay(effects.time)
        defer { display.finish() }
        let report = try await Notebook(effects).verify { display.show(.indexing(entries: $0)) }
        display.finish()
        print(json ? report.json.description : report.text)
        if !report.isClean { throw ExitCode.failure }
    }
}

extension NotebookVerification {
    private var origins: Int { journal.frontier.heads.count }

    var text: String {
        var lines = [
            "\(journal.checkedEntries) entries from \(origins == 1 ? "1 origin" : "\(origins) origins"): "
                + (journal.isClean ? "every hash and payload checked" : "not all are as they were written"),
            "\(notes) notes: " + (isClean ? "every text read and compared" : "\(damaged.count) damaged"),
            "root hash \(journal.frontier.rootHash)",
        ]
        lines += problems.map { "wrong: \($0)" }
        if unknownCount > 0 {
            lines.append("\(unknownCount) entries are not understood: 'fieldnotes stats' names them")
        }
        lines.append(isClean ? "nothing is wrong" : problems.count == 1 ? "1 problem" : "\(problems.count) problems")
        if !isClean { lines.append(Self.advice) }
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "clean": .boolean(isClean),
            "entries": .integer(journal.checkedEntries),
            "notes": .integer(notes),
            "rootHash": .string(journal.frontier.rootHash.description),
            "problems": .array(problems.map(JSONValue.string)),
            "advice": .optional(isClean ? nil : Self.advice),
            "notUnderstood": .integer(unknownCount),
        ]
    }

    private var problems: [String] {
        journal.problems.map(\.description) + [unindexed].compactMap(\.?.indexProblem) + damaged
    }

    private static let advice =
        "What to do: put the journal back from a backup, or save what can still be read with 'fieldnotes export FOLDER'."
}

extension EffectError {
    fileprivate var indexProblem: String {
        code == .corrupted
            ? "The list of notes and the search end before the first damaged entry."
            : "The list of notes and the search could not be brought up to date: \(message)"
    }
}

struct StatsCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Say what the notebook holds.",
        discussion: """
            Examples:
              fieldnotes stats
              fieldnotes stats --json
            """
    )

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let statistics = try await Notebook.open(effects).statistics()
        print(json ? statistics.json.description : statistics.text)
    }
}

extension NotebookStatistics {
    private var tagsByCount: [(tag: NoteTag, count: Int)] {
        tags.map { ($0.key, $0.value) }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
    }

    var text: String {
        var lines = [
            "notes      \(notes), \(imported) of them imported",
            "texts      \(ByteCount(bytes: textBytes))",
            "entries    \(entries) from \(origins) \(origins == 1 ? "origin" : "origins")",
            "root hash  \(rootHash)",
        ]
        if inConflict > 0 { lines.append("conflicts  \(inConflict): 'fieldnotes list --conflicts' shows them") }
        lines += sources.map { "source     \(NoteTitle.printable($0))" }
        if !tags.isEmpty {
            lines.append("tags       " + tagsByCount.prefix(20).map { "\($0.tag) \($0.count)" }.joined(separator: ", "))
        }
        if unknownCount > 0 {
            lines.append("not understood  \(unknownCount) entries: update fieldnotes to take them in")
            lines += unknown.map { "  position \($0.position): \(NoteTitle.printable($0.reason))" }
        }
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "notes": .integer(notes),
            "imported": .integer(imported),
            "conflicts": .integer(inConflict),
            "bytes": .integer(textBytes),
            "entries": .integer(Int(clamping: entries)),
            "origins": .integer(origins),
            "rootHash": .string(rootHash.description),
            "sources": .array(sources.map(JSONValue.string)),
            "tags": .object(tagsByCount.map { JSONValue.Member(key: $0.tag.text, value: .integer($0.count)) }),
            "notUnderstood": [
                "count": .integer(unknownCount),
                "first": .array(
                    unknown.map { entry in
                        ["position": .integer(Int(clamping: entry.position.rawValue)), "reason": .string(entry.reason)]
                    }
                ),
            ],
        ]
    }
}
