internal import AuraEffects

/// What a note's operations add up to, in whatever order they came.
package struct NoteRecord: Hashable, Sendable {
    package let note: NoteID
    /// Of the first `note.added`; `nil` while another device's has not arrived yet.
    package var created: Stamp?
    /// Where the first `note.added` says that the note comes from.
    package var source: NoteSource?
    /// Of the last operation.
    package var changed: Stamp?
    /// The title that was given to the note; none for the one that its text has.
    var givenTitle = LastWriterWinsRegister<GivenTitle>()
    var texts = NoteTexts()
    var tagged = NoteTags()
    /// The position of the last entry taken in: each entry is taken in once.
    var taken = Position.start

    package init(_ note: NoteID) {
        self.note = note
    }

    /// The texts that hold, the latest first; none while no text has arrived yet: then the note is not shown.
    ///
    /// Those that are equal are one, the latest of them. Where there are several the note is in conflict.
    package var versions: [NoteVersion] {
        var digests: Set<SHA256Digest> = []
        return texts.versions.filter { digests.insert($0.digest).inserted }
    }

    /// The latest of the texts that hold.
    package var current: NoteVersion? { texts.versions.first }

    /// Whether several texts hold, since they were written without knowing of one another.
    package var isInConflict: Bool { versions.count > 1 }

    /// Whether a text holds, be it one of several.
    func holds(_ digest: SHA256Digest) -> Bool {
        texts.versions.contains { $0.digest == digest }
    }

    /// What a new text of this device replaces: every text that it has seen.
    var seenTexts: [EntryID] { OrderedElements(texts.versions.map(\.entry)).elements }

    package var tags: [NoteTag] { tagged.tags }

    package func hasTags(_ wanted: [NoteTag]) -> Bool {
        if wanted.isEmpty { return true }
        let tags = tags
        return wanted.allSatisfy(tags.contains)
    }

    /// The title that the note was given or a text has, or what else names it.
    package func title(of version: NoteVersion?) -> String {
        givenTitle.value?.text ?? version?.title ?? source.map { NoteTitle.printable($0.path) } ?? "(no title)"
    }

    package var title: String { title(of: current) }
}
