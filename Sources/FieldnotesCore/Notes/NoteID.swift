package import AuraEffects

/// The identity of a note: 128 bits that are the same on every device.
///
/// An imported file's note is named by where the file lies, so that importing it again finds the same note.
package struct NoteID: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let id: EntryID

    package init(rawValue: UInt128) {
        id = EntryID(rawValue: rawValue)
    }

    package var rawValue: UInt128 { id.rawValue }

    /// The id of a note that was written by hand, from the id of the entry that added it.
    ///
    /// It is hashed, so that the ids of notes written at the same time differ in their first digits already.
    package init(addedBy entry: EntryID) {
        var writer = ByteWriter()
        writer.text("note added by")
        writer.fixed(entry.rawValue)
        self.init(hashing: writer)
    }

    /// The id of the note of an imported file.
    package init(source: NoteSource) {
        var writer = ByteWriter()
        writer.text("note of file")
        writer.text(source.name)
        writer.text(source.path)
        self.init(hashing: writer)
    }

    private init(hashing writer: ByteWriter) {
        self.init(rawValue: SHA256.hash(writer.bytes).bytes.prefix(16).reduce(0) { $0 << 8 | UInt128($1) })
    }

    /// The id of a note's stream; `nil` for a stream that is not a note's.
    package init?(_ stream: StreamName) {
        let prefix = Self.streamPrefix
        guard stream.text.hasPrefix(prefix), let id = EntryID(String(stream.text.dropFirst(prefix.count))) else {
            return nil
        }
        self.id = id
    }

    /// The id in 32 hexadecimal digits.
    package var description: String { id.description }

    /// The first digits, enough for a person: ``Notebook/note(named:)`` takes any first digits that are unique.
    package var short: String { String(description.prefix(10)) }

    /// The journal stream that holds the note's operations.
    package var stream: StreamName { StreamName(Self.streamPrefix + description) }

    package static func < (left: NoteID, right: NoteID) -> Bool {
        left.id < right.id
    }

    /// The first digits of an id as a user typed them.
    ///
    /// - Throws: `invalidArgument` for what no id begins with.
    package static func digits(typed text: String) throws(EffectError) -> String {
        let digits = text.lowercased()
        guard !digits.isEmpty, digits.utf8.count <= 32, digits.utf8.allSatisfy(isHexadecimal) else {
            throw EffectError(
                .invalidArgument,
                "'\(text)' does not name a note: use the first digits of its id as 'fieldnotes list' shows them."
            )
        }
        return digits
    }

    private static func isHexadecimal(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
        default: false
        }
    }
    private static let streamPrefix = "note/"
}

/// Where an imported note comes from.
package struct NoteSource: Hashable, Sendable {
    /// What was imported: a folder's absolute path unless the user named it otherwise.
    package var name: String
    /// The file's path within it, with `/` between its parts.
    package var path: String
}
