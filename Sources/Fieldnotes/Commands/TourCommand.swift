internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import FieldnotesCore

/// Shows the application at work: each step is a command as a user would type it.
struct TourCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "tour",
        abstract: "Import folders, search, show a history and verify, step by step.",
        discussion: """
            Where the folders hold fewer than 1,000 text files, it makes a corpus in .aura/corpus and imports that too.

            Example:
              fieldnotes tour docs /usr/share/doc
            """,
        shouldDisplay: false
    )

    private static let minimumFiles = 1000
    private static let tag = "tour"

    @Argument(help: "The folders to import.")
    var folders: [String]

    @OptionGroup var options: ApplicationOptions

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        print(
            "Fieldnotes on the profile '\(context.profile.name)' with a memory budget of \(context.budget.memoryLimit)."
        )
        for folder in try await foldersToImport(effects) { try await step(["import", folder], effects, context) }
        try await step(["list", "--limit", "3"], effects, context)
        try await step(["search", "license", "warranty", "--limit", "3"], effects, context)
        let note = try await writeNote(effects, context)
        try await step(["search", "heron", "--tag", Self.tag, "--limit", "1"], effects, context)
        try await step(["history", note.short], effects, context)
        try await step(["stats"], effects, context)
        try await step(["verify"], effects, context)
        // The profile that these commands take without it may be another one.
        let profile = options.profile.map { " --profile \($0)" } ?? ""
        print(
            """

            Run it again: nothing is imported twice, and the note has one more revision. To go on:
              fieldnotes import ~/your/notes\(profile)     press Ctrl-C in the middle, then run it again
              fieldnotes show \(note.short) --revision 0\(profile)
              fieldnotes export exported --tag \(Self.tag)\(profile)
              fieldnotes profile explain\(profile)         where everything is kept, and why
              fieldnotes --help
            """
        )
    }

    /// The folders that are there, and a corpus where they hold too little to be worth a search.
    private func foldersToImport(_ effects: EffectSystem) async throws(EffectError) -> [String] {
        var found: [String] = []
        var files = 0
        for folder in folders {
            do throws(EffectError) {
                var walk = FolderWalk(try await effects.folder.resolve(folder), in: effects.folder)
                while try await walk.next() != nil { files += 1 }
                found.append(folder)
            } catch  where error.code == .notFound {
                print("There is no folder \(folder) here: it is left out.")
            }
        }
        guard files < Self.minimumFiles else { return found }
        print(
            "These folders hold \(files) files: a corpus of \(SeededCorpus.fileCount) notes is made in \(SeededCorpus.folder)."
        )
        try await SeededCorpus.write(with: effects.folder)
        return found + [SeededCorpus.folder]
    }

    /// Adds the tour's note, or edits the one of the last tour.
    private func writeNote(_ effects: EffectSystem, _ context: ApplicationContext) async throws -> NoteID {
        let notebook = Notebook(effects)
        let tag = try NoteTag(typed: Self.tag)
        guard let note = try await notebook.recentNotes(limit: 1, tags: [tag]).first?.note else {
            try await step(["add", "A heron at the weir.", "--tag", Self.tag, "--tag", "birds"], effects, context)
            guard let added = try await notebook.recentNotes(limit: 1, tags: [tag]).first?.note else {
                throw EffectError(.internal, "The note that was just added is not in the list.")
            }
            try await step(
                ["edit", added.short, "Two herons: one heron at the weir, one at the mill."],
                effects,
                context
            )
            return added
        }
        let seen = try await notebook.history(of: note).count
        try await step(["edit", note.short, "A heron at the weir, on visit \(seen)."], effects, context)
        return note
    }

    /// Runs a command as the command line would, and says how long it took.
    private func step(_ arguments: [String], _ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let typed = arguments.map { $0.contains(" ") ? "\"\($0)\"" : $0 }.joined(separator: " ")
        print("\n$ fieldnotes \(typed)")
        let start = effects.time.monotonicNow
        try await Self.command(arguments).run(effects, context)
        let milliseconds = Int(start.duration(to: effects.time.monotonicNow) / .milliseconds(1))
        print("  (\(milliseconds) ms)")
    }

    private static func command(_ arguments: [String]) throws -> any ApplicationCommand {
        guard let type = Fieldnotes.commands.first(where: { $0.configuration.commandName == arguments.first }),
            let command = try type.parseAsRoot(Array(arguments.dropFirst())) as? any ApplicationCommand
        else { throw EffectError(.internal, "There is no command '\(arguments.first ?? "")'.") }
        return command
    }
}
