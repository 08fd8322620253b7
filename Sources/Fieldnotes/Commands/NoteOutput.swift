internal import AuraEffects
internal import AuraRuntime
internal import FieldnotesCore

/// How notes are printed.
enum NoteOutput {
    /// The largest text that JSON includes: it is the one output that holds a text as a whole.
    static let maximumJSONTextBytes = 1024 * 1024

    static func printNote(_ note: NoteID, in notebook: Notebook, asJSON: Bool) async throws(EffectError) {
        guard let record = try await notebook.record(of: note) else { return }
        print(asJSON ? record.json.description : record.line)
    }

    static func printNotes(_ notes: [NoteRecord], asJSON: Bool) {
        if asJSON {
            print(JSONValue.array(notes.map(\.json)))
        } else {
            for note in notes { print(note.line) }
        }
    }

    /// Prints a text as it is, and ends its last line for a terminal or where more follows.
    static func printText(_ text: NoteText, endingLine: Bool = Terminal.showsOutput) async throws(EffectError) {
        var count = 0
        var part = try await text.part(count)
        var last: UInt8?
        while !part.isEmpty {
            Terminal.output(part)
            last = part.last
            count += 1
            part = try await text.part(count)
        }
        if endingLine, last != UInt8(ascii: "\n") { Terminal.output([UInt8(ascii: "\n")]) }
    }

    /// Prints the texts of a note in conflict, each under a line that says when and where it was written.
    static func printConflict(_ record: NoteRecord, in notebook: Notebook) async throws(EffectError) {
        let versions = record.versions
        for (number, version) in versions.enumerated() {
            let time = UTCTime.text(version.stamp.timestamp.milliseconds)
            let revision = try await notebook.revision(of: version, in: record.note)
            let device = version.stamp.origin.description.prefix(8)
            let mark =
                "!! conflict, text \(number + 1) of \(versions.count): \(time) on \(device), revision \(revision)\n"
            Terminal.output(Array(mark.utf8))
            try await printText(notebook.text(of: version, in: record.note), endingLine: true)
        }
        Terminal.message(
            """
            These texts were written without knowing of one another. To resolve the conflict, give the text that shall hold, \
            'fieldnotes edit \(record.note.short) TEXT', or keep one of these, 'fieldnotes edit \(record.note.short) --keep REVISION'.

            """
        )
    }

    /// The texts that hold, as `show` prints them in JSON.
    static func jsonVersions(of record: NoteRecord, _ notebook: Notebook) async throws(EffectError) -> [JSONValue] {
        var versions: [JSONValue] = []
        for version in record.versions {
            let revision = try await notebook.revision(of: version, in: record.note)
            versions.append([
                "revision": .integer(Int(clamping: revision.rawValue)),
                "time": .string(UTCTime.iso(version.stamp.timestamp.milliseconds)),
                "origin": .string(version.stamp.origin.description),
                "sha256": .string(version.digest.description),
                "text": try await json(notebook.text(of: version, in: record.note)),
            ])
        }
        return versions
    }

    /// A text for JSON; `null` for one that is too large.
    static func json(_ text: NoteText) async throws(EffectError) -> JSONValue {
        guard text.byteCount <= maximumJSONTextBytes else { return .null }
        var bytes: [UInt8] = []
        var count = 0
        var part = try await text.part(count)
        while !part.isEmpty {
            bytes += part
            count += 1
            part = try await text.part(count)
        }
        return .string(String(decoding: bytes, as: UTF8.self))
    }
}
