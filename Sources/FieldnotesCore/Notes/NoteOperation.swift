internal import AuraEffects

/// What happens to a note: the journal's entries hold nothing else.
///
/// Each kind carries its version. An operation never says what the state was before it, so the operations of two devices
/// apply in any order: the latest content wins, and per tag the latest say, by timestamp and then origin.
enum NoteOperation: Hashable, Sendable {
    /// `note.added/1`: the note comes into being.
    case added(NoteContent, tags: [NoteTag], source: NoteSource?)
    /// `note.edited/1`: the note has a new text.
    case edited(NoteContent)
    /// `note.tagged/1`: the note has these tags.
    case tagged([NoteTag])
    /// `note.untagged/1`: the note does not have these tags.
    case untagged([NoteTag])
    /// `note.chunk/1`: a part of a text that a later operation names.
    case chunk(NoteChunk)

    var kind: EntryKind {
        switch self {
        case .added: Kind.added
        case .edited: Kind.edited
        case .tagged: Kind.tagged
        case .untagged: Kind.untagged
        case .chunk: Kind.chunk
        }
    }

    enum Kind {
        static let added: EntryKind = "note.added/1"
        static let edited: EntryKind = "note.edited/1"
        static let tagged: EntryKind = "note.tagged/1"
        static let untagged: EntryKind = "note.untagged/1"
        static let chunk: EntryKind = "note.chunk/1"
    }

    /// The operation as an entry to append.
    func draft(id: EntryID) -> JournalEntry.Draft {
        JournalEntry.Draft(id: id, kind: kind, payload: encoded)
    }
}

/// A part of a text.
struct NoteChunk: Hashable, Sendable {
    /// The SHA-256 of the whole text.
    var digest: SHA256Digest
    /// Which part, from zero.
    var index: Int
    var bytes: [UInt8]
}
