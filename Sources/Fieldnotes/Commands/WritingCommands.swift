internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import FieldnotesCore

struct AddCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a note.",
        discussion: """
            Examples:
              fieldnotes add "Two herons at the weir" --tag birds --tag river
              fieldnotes add --tag log < today.txt
            """
    )

    @Argument(help: "The note's text; without it the standard input stream.")
    var text: [String] = []

    @Option(name: .customLong("tag"), help: "Tag the note; may be repeated.")
    var tags: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func validate() throws {
        try TypedText.check(text)
        try ValidationError.check(tags.tags)
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let notebook = try await Notebook.open(effects)
        let note = try await notebook.add(TypedText.read(text), tags: tags.tags())
        try await notebook.catchUp()
        try await NoteOutput.printNote(note, in: notebook, asJSON: json)
    }
}

struct EditCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Give a note a new text, a title or other tags; its history keeps the old ones.",
        discussion: """
            A new text takes the place of every text that 'fieldnotes show' prints of the note: it resolves a conflict. With \
            --keep it is the one of a revision that 'show' or 'history' names.

            Examples:
              fieldnotes edit 3f9a "Three herons at the weir"
              fieldnotes edit 3f9a --tag rare --untag river
              fieldnotes edit 3f9a --title "Herons in March"
              fieldnotes edit 3f9a --keep 4
              fieldnotes edit 3f9a < corrected.txt
            """
    )

    @Argument(help: "The first digits of the note's id.")
    var id: String

    @Argument(help: "The new text; without it, and without options, the standard input stream.")
    var text: [String] = []

    @Option(help: "Take the text of this revision as the new one.")
    var keep: UInt64?

    @Option(help: "Give the note a title; an empty one leaves it to the text again.")
    var title: String?

    @Option(name: .customLong("tag"), help: "Add a tag; may be repeated.")
    var tags: [String] = []

    @Option(name: .customLong("untag"), help: "Remove a tag; may be repeated.")
    var untags: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func validate() throws {
        try ValidationError.check { () throws(EffectError) in try NoteID.digits(typed: id) }
        try TypedText.check(text)
        if keep != nil, !text.isEmpty {
            throw ValidationError("Give either a new text or --keep with the revision whose text is to hold.")
        }
        try ValidationError.check(tags.tags)
        try ValidationError.check(untags.tags)
        let removed = try untags.tags()
        if let tag = try tags.tags().first(where: removed.contains) {
            throw ValidationError("The tag '\(tag)' is both to be added and to be removed.")
        }
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let notebook = try await Notebook.open(effects)
        let record = try await notebook.note(named: id)
        let note = record.note
        var hasChanged = false
        if try await editText(of: note, in: notebook) {
            hasChanged = true
            if record.isInConflict {
                Terminal.message(
                    "The conflict is resolved: this text is in place of \(record.versions.count) texts, which the history keeps.\n"
                )
            }
        }
        if let title, try await notebook.setTitle(title.isEmpty ? nil : title, of: note) { hasChanged = true }
        if try await notebook.tag(note, add: tags.tags(), remove: untags.tags()) { hasChanged = true }
        if !hasChanged { Terminal.message("Nothing to change: the note has this text, title and tags already.\n") }
        try await notebook.catchUp()
        try await NoteOutput.printNote(note, in: notebook, asJSON: json)
    }

    private func editText(of note: NoteID, in notebook: Notebook) async throws -> Bool {
        if let keep { return try await notebook.edit(note, keeping: Revision(rawValue: keep)) }
        let changesSomethingElse = title != nil || !tags.isEmpty || !untags.isEmpty
        if text.isEmpty, changesSomethingElse { return false }
        return try await notebook.edit(note, text: TypedText.read(text))
    }
}
