package import AuraEffects

extension Notebook {
    /// The note that a user names by the first digits of its id.
    ///
    /// - Throws: `notFound` where there is none, `invalidArgument` where the digits name several.
    package func note(named digits: String) async throws(EffectError) -> NoteRecord {
        let digits = try NoteID.digits(typed: digits)
        let page = try await effects.storage.list(prefix: ProjectionKey.notePrefix + digits, after: nil, limit: 5)
        var found: [NoteRecord] = []
        for item in page.items {
            if let note = ProjectionKey.note(in: item.key), let record = try await record(of: note) {
                found.append(record)
            }
        }
        guard let record = found.first else {
            throw EffectError(.notFound, "No note's id begins with '\(digits)': 'fieldnotes list' shows the notes.")
        }
        guard found.count == 1 else {
            let names = found.map { "\($0.note) (\($0.title))" }.joined(separator: ", ")
            throw EffectError(.invalidArgument, "'\(digits)' names several notes, give more digits: \(names).")
        }
        return record
    }

    /// A note as the projection holds it; `nil` where there is none or its text has not arrived yet.
    package func record(of note: NoteID) async throws(EffectError) -> NoteRecord? {
        guard let stored = try await effects.storage.read(ProjectionKey.note(note)) else { return nil }
        let record = try NoteRecord.read(note, stored)
        return record.current == nil ? nil : record
    }

    /// A note's text; of a note in conflict the latest.
    package func text(of record: NoteRecord) async throws(EffectError) -> NoteText {
        guard let current = record.current else {
            throw EffectError(.notFound, "The text of the note \(record.note.short) has not arrived yet.")
        }
        return try await text(of: current, in: record.note)
    }

    /// One of a note's texts.
    package func text(of version: NoteVersion, in note: NoteID) async throws(EffectError) -> NoteText {
        try NoteText(of: note, entry: try await entry(of: version, in: note), in: effects.journal)
    }

    /// The revision that brought one of a note's texts, as the note's history has it.
    package func revision(of version: NoteVersion, in note: NoteID) async throws(EffectError) -> Revision {
        try await entry(of: version, in: note).revision
    }

    private func entry(of version: NoteVersion, in note: NoteID) async throws(EffectError) -> JournalEntry {
        guard let entry = try await effects.journal.entry(note.stream, id: version.entry) else {
            throw NoteText.damaged(note, "the entry \(version.entry) that holds its text is not in the journal")
        }
        return entry
    }

    /// The notes that were changed last, the latest first.
    ///
    /// - Parameters:
    ///   - limit: The most notes wanted.
    ///   - tags: Only notes that have all of these.
    ///   - onlyInConflict: Only notes that are in conflict.
    /// - Returns: The notes as the projection holds them.
    /// - Throws: What the storage throws.
    package func recentNotes(
        limit: Int,
        tags: [NoteTag] = [],
        onlyInConflict: Bool = false
    ) async throws(EffectError) -> [NoteRecord] {
        var notes: [NoteRecord] = []
        var after: StorageKey?
        repeat {
            let page = try await effects.storage.list(
                prefix: ProjectionKey.recentPrefix,
                after: after,
                limit: min(500, max(limit, 1))
            )
            for item in page.items where notes.count < limit {
                guard let note = ProjectionKey.note(in: item.key), let record = try await record(of: note) else {
                    continue
                }
                // A key that a crash left behind names an earlier change.
                let isCurrent = record.changed.map { ProjectionKey.recent($0.timestamp, note) } == item.key
                guard isCurrent, record.hasTags(tags), !onlyInConflict || record.isInConflict else { continue }
                notes.append(record)
            }
            after = page.next
        } while after != nil && notes.count < limit
        return notes
    }

    /// Visits every note in the order of the ids.
    ///
    /// - Parameter body: Is called with each note.
    /// - Throws: What the storage throws, and what `body` throws, which ends the visit.
    package func forEachNote(_ body: (NoteRecord) async throws(EffectError) -> Void) async throws(EffectError) {
        var after: StorageKey?
        repeat {
            let page = try await effects.storage.list(prefix: ProjectionKey.notePrefix, after: after, limit: 500)
            for item in page.items {
                guard let note = ProjectionKey.note(in: item.key), let record = try await record(of: note) else {
                    continue
                }
                try await body(record)
            }
            after = page.next
        } while after != nil
    }
}
