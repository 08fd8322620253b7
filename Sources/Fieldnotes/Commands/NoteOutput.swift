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

    /// Prints a text as it is.
    static func printText(_ text: NoteText) async throws(EffectError) {
        var count = 0
        var part = try await text.part(count)
        var last: UInt8?
        while !part.isEmpty {
            Terminal.output(part)
            last = part.last
            count += 1
            part = try await text.part(count)
        }
        if Terminal.showsOutput, last != UInt8(ascii: "\n") { Terminal.output([UInt8(ascii: "\n")]) }
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
