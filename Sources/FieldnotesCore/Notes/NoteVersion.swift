package import AuraEffects

/// A text of a note as one operation brought it.
package struct NoteVersion: Hashable, Comparable, Sendable {
    /// Of the operation that brought it.
    package let stamp: Stamp
    /// That operation's position in this journal: what the search index calls the text.
    package let document: Position
    package let digest: SHA256Digest
    package let byteCount: Int
    /// The title that the text has by itself; set once the text was read.
    package var title: String?

    package init(stamp: Stamp, document: Position, digest: SHA256Digest, byteCount: Int, title: String? = nil) {
        self.stamp = stamp
        self.document = document
        self.digest = digest
        self.byteCount = byteCount
        self.title = title
    }

    init(_ content: NoteContent, of entry: JournalEntry) {
        self.init(
            stamp: Stamp(entry),
            document: entry.position,
            digest: content.digest,
            byteCount: content.byteCount
        )
    }

    /// The entry that holds the text.
    package var entry: EntryID { stamp.entry }

    package static func < (left: NoteVersion, right: NoteVersion) -> Bool {
        left.stamp < right.stamp
    }
}
