internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import FieldnotesCore

struct AttachCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Attach a file to a note.",
        discussion: """
            The file's bytes go to the 'objects' of the profile, its name, size and SHA-256 into the journal. A file of its name that \
            is attached already is replaced.

            Examples:
              fieldnotes attach 3f9a heron.jpg
              fieldnotes attach 3f9a scan-0017.pdf --name map.pdf --type application/pdf
            """
    )

    @Argument(help: "The first digits of the note's id.")
    var id: String

    @Argument(help: "The file.", completion: .file())
    var file: String

    @Option(help: "The attachment's name; by default the file's.")
    var name: String?

    @Option(help: ArgumentHelp("The media type of its bytes, such as image/jpeg.", valueName: "type"))
    var type: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func validate() throws {
        try ValidationError.check { () throws(EffectError) in try NoteID.digits(typed: id) }
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let notebook = try await Notebook.open(effects)
        let note = try await notebook.note(named: id).note
        let name = name ?? file.split(separator: "/").last.map(String.init) ?? file
        let attachment = try await notebook.explaining(context) { () throws(EffectError) in
            try await notebook.attach(file, to: note, name: name, contentType: type)
        }
        print(json ? attachment.json.description : attachment.line)
    }
}

struct DetachCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "detach",
        abstract: "Detach a file from a note, and remove its bytes.",
        discussion: """
            Without a name it removes what was detached earlier and could not be removed then.

            Examples:
              fieldnotes detach 3f9a heron.jpg
              fieldnotes detach 3f9a
            """
    )

    @Argument(help: "The first digits of the note's id.")
    var id: String

    @Argument(help: "The attachment's name.")
    var name: String?

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func validate() throws {
        try ValidationError.check { () throws(EffectError) in try NoteID.digits(typed: id) }
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let notebook = try await Notebook.open(effects)
        let note = try await notebook.note(named: id).note
        try await notebook.explaining(context) { () throws(EffectError) in
            if let name {
                let detached = try await notebook.detach(name, from: note)
                print(
                    json ? JSONValue.array(detached.map(\.json)).description : "detached \(NoteTitle.printable(name))"
                )
                return
            }
            let report = try await notebook.removeUnreferencedObjects(of: note)
            let value: JSONValue = [
                "removed": .integer(report.removed), "unknown": .array(report.unknown.map { .string($0.text) }),
            ]
            print(
                json ? value.description : "\(report.removed) removed, \(report.unknown.count) that no entry here knows"
            )
        }
    }
}

struct FetchCommand: ApplicationCommand {
    typealias Application = Fieldnotes

    static let configuration = CommandConfiguration(
        commandName: "fetch",
        abstract: "Write a file that is attached to a note, or list what is attached.",
        discussion: """
            The file appears once every byte is there and its SHA-256 is the one in the journal; a file of its name is replaced then. \
            Without a name the attachments are listed.

            Examples:
              fieldnotes fetch 3f9a
              fieldnotes fetch 3f9a heron.jpg --to ~/pictures
            """
    )

    @Argument(help: "The first digits of the note's id.")
    var id: String

    @Argument(help: "The attachment's name.")
    var name: String?

    @Option(name: .customLong("to"), help: "The folder that the file is written to.", completion: .directory)
    var folder = "."

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: ApplicationOptions

    func validate() throws {
        try ValidationError.check { () throws(EffectError) in try NoteID.digits(typed: id) }
    }

    func run(_ effects: EffectSystem, _ context: ApplicationContext) async throws {
        let notebook = try await Notebook.open(effects)
        let note = try await notebook.note(named: id).note
        guard let name else {
            let attachments = try await notebook.attachments(of: note)
            if json {
                print(JSONValue.array(attachments.map(\.json)).description)
            } else {
                for attachment in attachments { print(attachment.line) }
                if attachments.isEmpty {
                    Terminal.message("Nothing is attached: 'fieldnotes attach \(note.short) FILE'.\n")
                }
            }
            return
        }
        let attachment = try await notebook.attachment(named: name, of: note)
        try await notebook.explaining(context) { () throws(EffectError) in
            try await notebook.fetch(attachment, to: attachment.fileName, in: folder)
        }
        print(json ? attachment.json.description : FolderPath.join(folder, attachment.fileName))
    }
}

extension Notebook {
    /// Says what to add to the profile where it has no objects.
    fileprivate func explaining<Value>(
        _ context: ApplicationContext,
        _ body: () async throws(EffectError) -> Value
    ) async throws(EffectError) -> Value {
        do throws(EffectError) {
            return try await body()
        } catch {
            guard error.code == .unimplemented, error.effect == ObjectsEffect.name else { throw error }
            throw EffectError(
                .unimplemented,
                "The profile '\(context.profile.name)' has no objects, where attachments are kept. Add, for example: "
                    + "cloud: { objects: { handler: stored, over: { handler: sqlite, path: .aura/objects.db } } }",
                effect: error.effect,
                operation: error.operation
            )
        }
    }
}

extension Attachment {
    /// The name as a file's: a name that has slashes would lead out of the folder.
    fileprivate var fileName: String {
        let name = file.name.split(separator: "/").last.map(String.init) ?? ""
        return ["", ".", ".."].contains(name) ? "attachment" : name
    }

    fileprivate var line: String {
        let size = "\(ByteCount(bytes: file.byteCount))"
        let type = file.contentType.map { "  \(NoteTitle.printable($0))" } ?? ""
        return "\(NoteTitle.printable(file.name))  \(size)\(type)"
    }

    fileprivate var json: JSONValue {
        [
            "note": .string(note.description),
            "name": .string(file.name),
            "bytes": .integer(file.byteCount),
            "sha256": .string(file.digest.description),
            "type": .optional(file.contentType),
            "object": .string(key.text),
        ]
    }
}
