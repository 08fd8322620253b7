package import AuraEffects

/// What the journal says of a file that is attached to a note; its bytes are an object.
package struct AttachedFile: Hashable, Sendable {
    /// The file's name, without folders.
    package var name: String
    package var byteCount: Int
    /// The SHA-256 of its bytes.
    package var digest: SHA256Digest
    /// The media type of its bytes, where it was said.
    package var contentType: String?

    package init(name: String, byteCount: Int, digest: SHA256Digest, contentType: String? = nil) {
        self.name = name
        self.byteCount = byteCount
        self.digest = digest
        self.contentType = contentType
    }
}

/// A file that is attached to a note.
package struct Attachment: Hashable, Sendable {
    /// The entry that says so, after which the object is named: no two attachments have one object.
    package let id: EntryID
    package let note: NoteID
    package let file: AttachedFile

    /// The key of the object that holds the bytes.
    package var key: ObjectKey { Self.key(of: id, in: note) }

    static func key(of id: EntryID, in note: NoteID) -> ObjectKey { ObjectKey(prefix(of: note) + id.description) }

    static func prefix(of note: NoteID) -> String { "attachments/\(note)/" }
}

/// The attachments of a note, as its entries add up to them in whatever order they came.
struct AttachmentSet {
    private var attached: [EntryID: AttachedFile] = [:]
    private(set) var detached: Set<EntryID> = []

    /// Takes in an operation of the note.
    mutating func apply(_ operation: NoteOperation, id: EntryID) {
        switch operation {
        case .attached(let file, let replaced):
            attached[id] = file
            detached.formUnion(replaced)
        case .detached(let ids):
            detached.formUnion(ids)
        default:
            break
        }
    }

    /// The attachments that hold, by name; of two of one name, which devices attached without knowing of each other, the older one
    /// first.
    func attachments(of note: NoteID) -> [Attachment] {
        attached.filter { !detached.contains($0.key) }
            .map { Attachment(id: $0.key, note: note, file: $0.value) }
            .sorted { ($0.file.name, $0.id) < ($1.file.name, $1.id) }
    }

    /// Whether an entry has arrived that attaches something under an id.
    func knows(_ id: EntryID) -> Bool { attached[id] != nil }
}
