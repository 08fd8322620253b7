internal import AuraEffects

/// What happens to a note: the journal's entries hold nothing else.
///
/// Each kind carries its version. An operation says what its writer has seen of what it takes away, the texts that it replaces
/// and the additions of tags that it removes, so the operations of several devices apply in any order and nothing is taken away
/// unseen.
///
/// Operations of the first version do not say it: they are *blind*. Among themselves the latest content holds, and per tag the
/// latest say, by timestamp and then origin; of what operations of the second version brought they take nothing away.
enum NoteOperation: Hashable, Sendable {
    /// `note.added/2`: the note comes into being.
    case added(NoteContent, tags: [NoteTag], source: NoteSource?)
    /// `note.edited/2`: the note has a new text in place of those that these entries brought.
    case edited(NoteContent, replacing: [EntryID])
    /// `note.titled/1`: the note has this title, whatever its text.
    case titled(GivenTitle)
    /// `note.tagged/2`: the note has these tags.
    case tagged([NoteTag])
    /// `note.untagged/2`: these additions of tags do not hold any more.
    case untagged([NoteTags.Dot])
    /// `note.chunk/1`: a part of a text that a later operation names.
    case chunk(NoteChunk)
    /// `note.attached/1`: the note has this file, whose bytes are an object, in place of those that these entries attached.
    case attached(AttachedFile, replacing: [EntryID])
    /// `note.detached/1`: the note does not have the files any more that these entries attached.
    case detached([EntryID])

    /// `note.added/1`: the note comes into being.
    case addedBlindly(NoteContent, tags: [NoteTag], source: NoteSource?)
    /// `note.edited/1`: the note has a new text.
    case editedBlindly(NoteContent)
    /// `note.tagged/1`: the note has these tags.
    case taggedBlindly([NoteTag])
    /// `note.untagged/1`: the note does not have these tags.
    case untaggedBlindly([NoteTag])

    var kind: EntryKind {
        switch self {
        case .added: Kind.added
        case .edited: Kind.edited
        case .titled: Kind.titled
        case .tagged: Kind.tagged
        case .untagged: Kind.untagged
        case .chunk: Kind.chunk
        case .attached: Kind.attached
        case .detached: Kind.detached
        case .addedBlindly: Kind.addedBlindly
        case .editedBlindly: Kind.editedBlindly
        case .taggedBlindly: Kind.taggedBlindly
        case .untaggedBlindly: Kind.untaggedBlindly
        }
    }

    enum Kind {
        static let added: EntryKind = "note.added/2"
        static let edited: EntryKind = "note.edited/2"
        static let titled: EntryKind = "note.titled/1"
        static let tagged: EntryKind = "note.tagged/2"
        static let untagged: EntryKind = "note.untagged/2"
        static let chunk: EntryKind = "note.chunk/1"
        static let attached: EntryKind = "note.attached/1"
        static let detached: EntryKind = "note.detached/1"
        static let ofAttachments: Set<EntryKind> = [attached, detached]

        static let addedBlindly: EntryKind = "note.added/1"
        static let editedBlindly: EntryKind = "note.edited/1"
        static let taggedBlindly: EntryKind = "note.tagged/1"
        static let untaggedBlindly: EntryKind = "note.untagged/1"
    }

    /// The text that the operation brings, if it brings one.
    var content: NoteContent? {
        switch self {
        case .added(let content, _, _), .edited(let content, _): content
        case .addedBlindly(let content, _, _), .editedBlindly(let content): content
        case .titled, .tagged, .untagged, .chunk, .attached, .detached, .taggedBlindly, .untaggedBlindly: nil
        }
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
