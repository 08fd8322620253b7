internal import ArgumentParser
internal import AuraEffects
internal import AuraRuntime
internal import FieldnotesCore

extension Notebook {
    /// The notebook of a command, with its projection at the journal's end.
    ///
    /// Entries that this version does not understand are said each time: nothing is left out in silence.
    static func open(_ effects: EffectSystem) async throws(EffectError) -> Notebook {
        let notebook = Notebook(effects)
        let display = ProgressDisplay(effects.time)
        defer { display.finish() }
        try await notebook.catchUp { display.show(.indexing(entries: $0)) }
        if try await notebook.hasUnknownEntries() {
            display.finish()
            Terminal.message(
                "note: some entries are from another version of fieldnotes and left out: 'fieldnotes stats' names them\n"
            )
        }
        return notebook
    }
}

extension ProgressDisplay {
    /// Shows a moment of an import.
    func show(_ progress: ImportProgress) {
        switch progress {
        case .counting(let files): show("counting: \(files) files")
        case .reading(let files, let all, let bytes, let total):
            show("importing: \(files) of \(all) files, \(ByteCount(bytes: bytes))", done: bytes, of: total)
        case .indexing(let entries): show("indexing: \(entries) entries")
        }
    }
}

extension ValidationError {
    /// Tells a mistake in what was typed as one of usage, which ends the process with 64 before anything is opened.
    static func check<Value>(_ typed: () throws(EffectError) -> Value) throws(ValidationError) {
        do throws(EffectError) {
            _ = try typed()
        } catch {
            throw ValidationError(error.message)
        }
    }
}

extension [String] {
    /// The tags that a user typed.
    func tags() throws(EffectError) -> [NoteTag] {
        var tags: [NoteTag] = []
        for text in self { tags.append(try NoteTag(typed: text)) }
        return tags
    }
}

/// The text of a note: from the command line or the standard input stream.
enum TypedText {
    private static let maximumBytes = 16 * 1024 * 1024

    /// Checks what the command line holds; no words call for the standard input stream.
    static func check(_ words: [String]) throws(ValidationError) {
        if !words.isEmpty, words.allSatisfy(\.isEmpty) { throw empty }
    }

    static func read(_ words: [String]) throws -> [UInt8] {
        let given = words.isEmpty ? try Terminal.input(limit: maximumBytes) : Array(words.joined(separator: " ").utf8)
        guard let text = given else {
            throw EffectError(
                .invalidArgument,
                "The text is larger than \(ByteCount(bytes: maximumBytes)): write it to a file and import its folder."
            )
        }
        var check = TextCheck()
        guard check.feed(text), check.isWholeText else {
            throw EffectError(.invalidArgument, "The text is not UTF-8, or holds a NUL: nothing was written.")
        }
        guard !text.isEmpty else { throw empty }
        return text
    }

    private static var empty: ValidationError {
        ValidationError("The text is empty: give it as arguments or on the standard input stream.")
    }
}

extension NoteRecord {
    var json: JSONValue { .object(jsonMembers) }

    var jsonMembers: [JSONValue.Member] {
        [
            JSONValue.Member(key: "id", value: .string(note.description)),
            JSONValue.Member(key: "title", value: .string(title)),
            JSONValue.Member(key: "tags", value: .array(tags.map { .string($0.text) })),
            JSONValue.Member(key: "bytes", value: .integer(current?.byteCount ?? 0)),
            JSONValue.Member(key: "sha256", value: .optional(current?.digest.description)),
            JSONValue.Member(key: "created", value: .optional(created.map { UTCTime.iso($0.timestamp.milliseconds) })),
            JSONValue.Member(key: "changed", value: .optional(changed.map { UTCTime.iso($0.timestamp.milliseconds) })),
            JSONValue.Member(key: "source", value: .optional(source?.name)),
            JSONValue.Member(key: "path", value: .optional(source?.path)),
            JSONValue.Member(key: "conflict", value: .boolean(isInConflict)),
        ]
    }

    /// The note on one line.
    var line: String {
        let day = changed.map { UTCTime.text($0.timestamp.milliseconds).prefix(16) } ?? ""
        let tags = tags.map { " #\($0)" }.joined()
        let path = source.map { "  (\(NoteTitle.printable($0.path)))" } ?? ""
        let conflict = isInConflict ? "  !! conflict: \(versions.count) texts" : ""
        return "\(note.short)  \(day)  \(title)\(tags)\(path)\(conflict)"
    }
}
