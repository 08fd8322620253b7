package import AuraEffects

/// One thing that happened to a note.
package struct NoteEvent: Hashable, Sendable {
    package var revision: Revision
    package var stamp: Stamp
    package var kind: EntryKind
    /// What happened, in a few words.
    package var summary: String
}

extension Notebook {
    // 16 entries of 64 KiB: a large text's chunks are read with the rest of the stream.
    private static let historyPageEntries = 16

    /// What happened to a note, the first first; chunks of large texts are left out.
    package func history(of note: NoteID) async throws(EffectError) -> [NoteEvent] {
        var events: [NoteEvent] = []
        var next = Revision.first
        while true {
            let page = try await effects.journal.read(note.stream, from: next, limit: Self.historyPageEntries)
            guard let last = page.last else { return events }
            for entry in page where entry.kind != NoteOperation.Kind.chunk {
                events.append(
                    NoteEvent(
                        revision: entry.revision,
                        stamp: Stamp(entry),
                        kind: entry.kind,
                        summary: Self.summary(of: entry)
                    )
                )
            }
            next = last.revision.next
        }
    }

    /// A note's text as of a revision that brought one.
    package func text(of note: NoteID, at revision: Revision) async throws(EffectError) -> NoteText {
        let entry = try await effects.journal.read(note.stream, from: revision, limit: 1).first
        guard let entry, entry.revision == revision else {
            throw EffectError(
                .notFound,
                "The note \(note.short) has no revision \(revision): see 'fieldnotes history \(note.short)'."
            )
        }
        return try NoteText(of: note, entry: entry, in: effects.journal)
    }

    private static func summary(of entry: JournalEntry) -> String {
        do throws(EffectError) {
            switch try NoteOperation.read(entry) {
            case .added(let content, let tags, let source), .addedBlindly(let content, let tags, let source):
                let from = source.map { " from \(FolderPath.join($0.name, $0.path))" } ?? ""
                let with = tags.isEmpty ? "" : ", tagged \(tags.map(\.text).joined(separator: ", "))"
                return "added with \(ByteCount(bytes: content.byteCount))\(from)\(with)"
            case .edited(let content, let replaced):
                let resolving = replaced.count > 1 ? ", in place of \(replaced.count) texts" : ""
                return "edited to \(ByteCount(bytes: content.byteCount))\(resolving)"
            case .editedBlindly(let content):
                return "edited to \(ByteCount(bytes: content.byteCount))"
            case .titled(let title):
                return title.text.map { "titled '\(NoteTitle.printable($0))'" } ?? "titled by its text"
            case .tagged(let tags), .taggedBlindly(let tags):
                return "tagged \(tags.map(\.text).joined(separator: ", "))"
            case .untagged(let dots):
                let tags = OrderedElements(dots.map(\.element)).elements
                return "untagged \(tags.map(\.text).joined(separator: ", "))"
            case .untaggedBlindly(let tags):
                return "untagged \(tags.map(\.text).joined(separator: ", "))"
            case .attached(let file, let replaced):
                let again = replaced.isEmpty ? "" : " again"
                return "attached '\(NoteTitle.printable(file.name))'\(again), \(ByteCount(bytes: file.byteCount))"
            case .detached(let ids):
                return ids.count == 1 ? "detached a file" : "detached \(ids.count) files"
            case .chunk(let chunk):
                return "part \(chunk.index + 1) of a text"
            }
        } catch {
            return error.message
        }
    }
}
