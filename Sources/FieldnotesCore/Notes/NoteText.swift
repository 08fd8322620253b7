package import AuraEffects

/// A note's text, part by part, so that a large one is never in memory as a whole.
package struct NoteText: Sendable {
    let content: NoteContent
    private let note: NoteID
    private let journal: any JournalEffects

    init(_ content: NoteContent, of note: NoteID, in journal: any JournalEffects) {
        self.content = content
        self.note = note
        self.journal = journal
    }

    /// The text of an operation.
    init(of note: NoteID, entry: JournalEntry, in journal: any JournalEffects) throws(EffectError) {
        guard let content = try NoteOperation.read(entry).content else {
            throw EffectError(
                .invalidArgument,
                "Revision \(entry.revision) of the note \(note.short) is '\(entry.kind)', which brings no text: "
                    + "see 'fieldnotes history \(note.short)'."
            )
        }
        self.init(content, of: note, in: journal)
    }

    package var byteCount: Int { content.byteCount }

    package var digest: SHA256Digest { content.digest }

    /// A part by number, from zero; an empty part is the end.
    package func part(_ index: Int) async throws(EffectError) -> [UInt8] {
        switch content {
        case .inline(let bytes):
            return index == 0 ? bytes : []
        case .chunked(let text):
            guard index < text.chunkCount else { return [] }
            let what = "part \(index + 1) of \(text.chunkCount) of its text"
            guard let entry = try await journal.entry(note.stream, id: text.chunkID(of: note, index)) else {
                throw Self.damaged(note, "\(what) is not in the journal")
            }
            guard case .chunk(let chunk) = try NoteOperation.read(entry), !chunk.bytes.isEmpty else {
                throw Self.damaged(note, "\(what) is not a text")
            }
            return chunk.bytes
        }
    }

    /// Reads the whole text and compares it with what its operation says of it.
    func isWhole() async throws(EffectError) -> Bool {
        var hash = SHA256()
        var count = 0
        var part = try await part(count)
        while !part.isEmpty {
            hash.update(part)
            count += 1
            part = try await self.part(count)
        }
        return hash.finalize() == digest
    }

    /// The error of a text that is not what its operation says.
    static func damaged(_ note: NoteID, _ what: String) -> EffectError {
        EffectError(.corrupted, "The note \(note.short) is damaged: \(what). 'fieldnotes verify' says what else is.")
    }
}

extension NoteOperation {
    /// The operation in an entry that must be one.
    static func read(_ entry: JournalEntry) throws(EffectError) -> NoteOperation {
        guard let payload = entry.payload else {
            throw EffectError(.compacted, "The payload at position \(entry.position) was compacted away.")
        }
        do throws(MalformedBytes) {
            if let operation = try NoteOperation(kind: entry.kind, payload: payload) { return operation }
        } catch {
            throw EffectError(.corrupted, "The entry at position \(entry.position) is malformed.", cause: error)
        }
        throw EffectError(
            .unsupported,
            "The entry at position \(entry.position) is '\(entry.kind)', which this version does not know: update it."
        )
    }
}
