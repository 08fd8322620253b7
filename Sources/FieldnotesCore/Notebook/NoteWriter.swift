internal import AuraEffects

/// Appends operations within the journal's limits.
struct NoteWriter: Sendable {
    // What an operation holds besides a text: a digest, a path, tags.
    private static let reservedBytes = 8 * 1024
    private static let appendBytes = 512 * 1024

    let journal: any JournalEffects

    init(_ journal: any JournalEffects) {
        self.journal = journal
    }

    /// The largest text that an operation holds in place, and the size of a chunk.
    var chunkByteCount: Int {
        let limit = journal.capabilities.limit(.payloadBytes)
        return min(NoteContent.chunkByteCount, max(limit - Self.reservedBytes, limit / 2))
    }

    /// How many entries one append takes.
    var appendEntries: Int { min(256, journal.capabilities.limit(.appendEntries)) }

    /// How many bytes of text one append should hold.
    var appendByteCount: Int { Self.appendBytes }

    /// A text as an operation holds it; the chunks of a large one are appended first.
    func content(for text: [UInt8], of note: NoteID, milliseconds: UInt64) async throws(EffectError) -> NoteContent {
        let size = chunkByteCount
        guard text.count > size else { return .inline(text) }
        let chunked = ChunkedText(
            digest: SHA256.hash(text),
            byteCount: text.count,
            chunkByteCount: size,
            milliseconds: milliseconds
        )
        try await appendChunks(of: chunked, to: note) { index throws(EffectError) in
            Array(text.dropFirst(index * size).prefix(size))
        }
        return .chunked(chunked)
    }

    /// Appends a text's chunks, always in the same groups, so that appending them again changes nothing.
    ///
    /// - Parameters:
    ///   - text: What the chunks add up to.
    ///   - note: The note.
    ///   - chunk: Gives a chunk by number.
    /// - Throws: What the journal throws, and what `chunk` throws, which ends the append.
    func appendChunks(
        of text: ChunkedText,
        to note: NoteID,
        _ chunk: (Int) async throws(EffectError) -> [UInt8]
    ) async throws(EffectError) {
        let group = min(Self.appendBytes / text.chunkByteCount + 1, appendEntries)
        for start in stride(from: 0, to: text.chunkCount, by: group) {
            var drafts: [JournalEntry.Draft] = []
            for index in start..<min(start + group, text.chunkCount) {
                let part = NoteChunk(digest: text.digest, index: index, bytes: try await chunk(index))
                drafts.append(NoteOperation.chunk(part).draft(id: text.chunkID(of: note, index)))
            }
            try await append([StreamAppend(drafts, to: note.stream)])
        }
    }

    /// Appends operations whose ids follow from what they say: those that the journal holds already change nothing.
    func append(_ appends: [StreamAppend]) async throws(EffectError) {
        do {
            _ = try await journal.append(appends)
        } catch  where error.code == .conflict {
            // Some are known, from an import that was interrupted or runs beside this one: sort them out one by one.
            for append in appends {
                for draft in append.drafts { try await appendUnlessKnown(draft, to: append.stream) }
            }
        }
    }

    private func appendUnlessKnown(_ draft: JournalEntry.Draft, to stream: StreamName) async throws(EffectError) {
        do {
            try await journal.append([draft], to: stream)
        } catch  where error.code == .conflict {
            // Known with other words, such as other tags, but the same text: the id is derived from it.
            return
        }
    }
}
