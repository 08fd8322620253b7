internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime

struct ExportCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write notes as text files.",
        discussion: """
            An imported note goes to its path below a folder named after its source, another to notes/<id>.txt. Files that are \
            there already are replaced, each as a whole.

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

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let notebook = try await Notebook.open(effects)
        let report = try await Exporter(notebook).run(to: folder, tags: tags.tags())
        if json {
            let value: JSONValue = [
                "files": .integer(report.files),
                "bytes": .integer(report.textBytes),
                "failed": .array(report.failed.map(JSONValue.string)),
            ]
            print(value)
        } else {
            print("\(report.files) files, \(ByteCount(bytes: report.textBytes)), written to \(folder)")
        }
        for failure in report.failed { Terminal.message("error: \(failure)\n") }
        if !report.failed.isEmpty { throw ExitCode.failure }
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
        let notebook = try await Notebook.open(effects)
        let report = try await notebook.verify()
        print(json ? report.json.description : report.text)
        if !report.isClean { throw ExitCode.failure }
    }
}

extension NotebookVerification {
    var text: String {
        var lines = [
            "\(journal.checkedEntries) entries of \(journal.frontier.heads.count) origins: every hash and payload checked",
            "\(texts) notes: every text read and compared",
            "root hash \(journal.frontier.rootHash)",
        ]
        lines += journal.problems.map { "wrong: \($0)" } + damaged.map { "wrong: \($0)" }
        if unknownCount > 0 {
            lines.append("\(unknownCount) entries are not understood: 'fieldnotes stats' names them")
        }
        lines.append(isClean ? "nothing is wrong" : "\(journal.problems.count + damaged.count) problems")
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "clean": .boolean(isClean),
            "entries": .integer(journal.checkedEntries),
            "notes": .integer(texts),
            "rootHash": .string(journal.frontier.rootHash.description),
            "problems": .array((journal.problems.map(\.description) + damaged).map(JSONValue.string)),
            "notUnderstood": .integer(unknownCount),
        ]
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
