internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import FieldnotesCore

struct ImportCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take a tree of text files into the notebook.",
        discussion: """
            Each UTF-8 file becomes a note; a file that has changed since the last import becomes an edit of its note. Compressed \
            and binary files, hidden ones and links are passed by and counted. An import that was interrupted is simply run \
            again: nothing is lost and nothing comes twice.

            Examples:
              fieldnotes import ~/Documents/notes
              fieldnotes import /media/stick/notes --source notes --tag stick
            """
    )

    @Argument(help: "The folder.")
    var folder: String

    @Option(help: "Remember the notes' source by this name instead of the folder's absolute path.")
    var source: String?

    @Option(name: .customLong("tag"), help: "Tag the notes that are added; may be repeated.")
    var tags: [String] = []

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func validate() throws {
        try ValidationError.check(tags.tags)
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let report = try await importFolder(Notebook(effects), try tags.tags())
        print(json ? report.json.description : report.text)
    }

    private func importFolder(_ notebook: Notebook, _ tags: [NoteTag]) async throws(EffectError) -> ImportReport {
        let display = ProgressDisplay(notebook.effects.time)
        var importer = Importer(into: notebook, tags: tags, progress: display.show)
        do throws(EffectError) {
            let report = try await importer.run(folder, named: source)
            display.finish()
            return report
        } catch {
            display.finish()
            if error.code == .cancelled { Terminal.message(Self.howToResume) }
            throw error
        }
    }

    private static let howToResume =
        "Interrupted: what was imported so far is kept. To go on, run the same command again; nothing comes twice.\n"
}

extension ImportReport {
    /// The report in a few lines.
    var text: String {
        var lines = [
            "\(files) text files, \(ByteCount(bytes: textBytes)): \(added) added, \(edited) edited, \(unchanged) unchanged"
        ]
        if skipped.total > 0 {
            lines.append("passed by: " + skipped.counts.map { "\($0.count) \($0.name)" }.joined(separator: ", "))
        }
        if skipped.changing > 0 { lines.append("To take in the files that changed meanwhile, import again.") }
        return lines.joined(separator: "\n")
    }

    var json: JSONValue {
        [
            "files": .integer(files),
            "bytes": .integer(textBytes),
            "added": .integer(added),
            "edited": .integer(edited),
            "unchanged": .integer(unchanged),
            "skipped": .object(skipped.counts.map { JSONValue.Member(key: $0.name, value: .integer($0.count)) }),
        ]
    }
}
