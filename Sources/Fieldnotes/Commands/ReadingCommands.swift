internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import FieldnotesCore

struct ListCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List notes, the one that was changed last first.",
        discussion: """
            A note in conflict, with texts of several devices that did not know of one another, is marked with '!!'.

            Examples:
              fieldnotes list
              fieldnotes list --tag birds --limit 100
              fieldnotes list --conflicts
              fieldnotes list --json
            """
    )

    @Option(name: .customLong("tag"), help: "Only notes with this tag; may be repeated.")
    var tags: [String] = []

    @Flag(name: .customLong("conflicts"), help: "Only notes in conflict.")
    var onlyInConflict = false

    @Option(help: "The most notes shown.")
    var limit = 20

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
        try ValidationError.check(tags.tags)
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let notebook = try await Notebook.open(effects)
        let notes = try await notebook.recentNotes(limit: limit, tags: tags.tags(), onlyInConflict: onlyInConflict)
        NoteOutput.printNotes(notes, asJSON: json)
        if notes.isEmpty { Terminal.message(try await whyEmpty(notebook, context)) }
    }

    /// What a user who sees no note can do; it goes where it is in no one's way who reads the list.
    private func whyEmpty(_ notebook: Notebook, _ context: ApplicationContext) async throws(EffectError) -> String {
        guard try await notebook.recentNotes(limit: 1).isEmpty else {
            if onlyInConflict { return "No \(tags.isEmpty ? "note" : "such note") is in conflict.\n" }
            let names = try tags.tags().canonical.map { "'\($0)'" }.joined(separator: " and ")
            return "No note has the \(tags.count == 1 ? "tag" : "tags") \(names): 'fieldnotes stats' shows the tags.\n"
        }
        let folder = try await notebook.effects.folder.resolve(".")
        return """
            No notes yet: begin with 'fieldnotes add TEXT' or 'fieldnotes import FOLDER'.
            Notes are kept where the profile '\(context.profile.name)' says ('fieldnotes profile explain'); a relative path, such \
            as .aura, lies below \(folder).

            """
    }
}

struct SearchCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find the notes that hold all words, the text that was changed last first.",
        discussion: """
            Words are letters and digits; case does not count.

            Examples:
              fieldnotes search heron weir
              fieldnotes search license --tag manual --limit 3
              fieldnotes search heron --json
            """
    )

    @Argument(help: "The words.")
    var words: [String]

    @Option(name: .customLong("tag"), help: "Only notes with this tag; may be repeated.")
    var tags: [String] = []

    @Option(help: "The most notes shown.")
    var limit = 20

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit must be at least 1.") }
        try ValidationError.check(tags.tags)
        try ValidationError.check { () throws(EffectError) in
            try NoteSearch.words(of: words.joined(separator: " "))
        }
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let notebook = try await Notebook.open(effects)
        let query = words.joined(separator: " ")
        let result = try await NoteSearch(notebook).run(query, tags: tags.tags(), limit: limit)
        if json {
            print(result.json)
            return
        }
        for hit in result.hits {
            print(hit.note.line)
            print("    \(hit.snippet.text(highlighted: Terminal.showsOutput))")
        }
        if result.hits.isEmpty { Terminal.message("No note holds all of these words.\n") }
        if result.hasMore { Terminal.message("There are more: raise --limit to see them.\n") }
    }
}

extension NoteSearch.Result {
    var json: JSONValue {
        let hits = hits.map { hit -> JSONValue in
            let snippet = JSONValue.Member(key: "snippet", value: .string(hit.snippet.text(highlighted: false)))
            return .object(hit.note.jsonMembers + [snippet])
        }
        return ["hits": .array(hits), "more": .boolean(hasMore)]
    }
}

extension Snippet {
    /// The snippet on one line, the word in bold where it goes to a terminal.
    func text(highlighted: Bool) -> String {
        highlighted ? "\(before)\u{1b}[1m\(match)\u{1b}[0m\(after)" : before + match + after
    }
}

struct ShowCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Print a note's text.",
        discussion: """
            A note whose text was changed on several devices that did not know of one another is in conflict: each text is \
            printed under a line that says when and where it was written. 'fieldnotes edit' resolves the conflict.

            With --json, a text of more than 1 MiB is null.

            Examples:
              fieldnotes show 3f9a
              fieldnotes show 3f9a --revision 0
              fieldnotes show 3f9a --json
            """
    )

    @Argument(help: "The first digits of the note's id.")
    var id: String

    @Option(help: "The text as of a revision that 'fieldnotes history' shows.")
    var revision: UInt64?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func validate() throws {
        try ValidationError.check { () throws(EffectError) in try NoteID.digits(typed: id) }
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let notebook = try await Notebook.open(effects)
        let record = try await notebook.note(named: id)
        let text: NoteText
        if let revision {
            text = try await notebook.text(of: record.note, at: Revision(rawValue: revision))
        } else {
            text = try await notebook.text(of: record)
        }
        if json {
            let members = [
                JSONValue.Member(key: "text", value: try await NoteOutput.json(text)),
                JSONValue.Member(key: "texts", value: .array(try await NoteOutput.jsonVersions(of: record, notebook))),
            ]
            print(JSONValue.object(record.jsonMembers + members))
        } else if record.isInConflict, revision == nil {
            try await NoteOutput.printConflict(record, in: notebook)
        } else {
            try await NoteOutput.printText(text)
        }
    }
}

struct HistoryCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "Show everything that happened to a note.",
        discussion: """
            Examples:
              fieldnotes history 3f9a
              fieldnotes history 3f9a --json
            """
    )

    @Argument(help: "The first digits of the note's id.")
    var id: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func validate() throws {
        try ValidationError.check { () throws(EffectError) in try NoteID.digits(typed: id) }
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let notebook = try await Notebook.open(effects)
        let events = try await notebook.history(of: notebook.note(named: id).note)
        if json {
            print(JSONValue.array(events.map(\.json)))
            return
        }
        for event in events {
            let time = UTCTime.text(event.stamp.timestamp.milliseconds)
            print("\(event.revision)  \(time)  \(event.stamp.origin.description.prefix(8))  \(event.summary)")
        }
    }
}

extension NoteEvent {
    var json: JSONValue {
        [
            "revision": .integer(Int(clamping: revision.rawValue)),
            "time": .string(UTCTime.iso(stamp.timestamp.milliseconds)),
            "origin": .string(stamp.origin.description),
            "kind": .string(kind.text),
            "summary": .string(summary),
        ]
    }
}
