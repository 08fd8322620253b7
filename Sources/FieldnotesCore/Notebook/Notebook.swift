package import AuraEffects

/// Notes with tags, on effects alone: the journal holds what happened, the projection in storage what it adds up to.
package struct Notebook: Sendable {
    package let effects: EffectSystem

    package init(_ effects: EffectSystem) {
        self.effects = effects
    }

    /// Adds a note.
    ///
    /// - Parameters:
    ///   - text: UTF-8 text.
    ///   - tags: The note's tags.
    /// - Returns: The new note.
    /// - Throws: What the journal throws.
    package func add(_ text: [UInt8], tags: [NoteTag]) async throws(EffectError) -> NoteID {
        let id = EntryID(effects)
        let note = NoteID(addedBy: id)
        let content = try await writer.content(for: text, of: note, milliseconds: now)
        let operation = NoteOperation.added(content, tags: tags.canonical, source: nil)
        try await effects.journal.append([operation.draft(id: id)], to: note.stream)
        return note
    }

    /// Gives a note a new text.
    ///
    /// - Parameters:
    ///   - note: The note.
    ///   - text: UTF-8 text.
    /// - Returns: Whether it is another text than the projection holds; if not, nothing is appended.
    /// - Throws: What the journal and the storage throw.
    @discardableResult
    package func edit(_ note: NoteID, text: [UInt8]) async throws(EffectError) -> Bool {
        if try await record(of: note)?.current?.digest == SHA256.hash(text) { return false }
        let content = try await writer.content(for: text, of: note, milliseconds: now)
        try await append(.edited(content), to: note)
        return true
    }

    /// Adds tags to a note and removes others.
    ///
    /// - Parameters:
    ///   - note: The note.
    ///   - added: Tags that the note shall have.
    ///   - removed: Tags that the note shall not have.
    /// - Returns: Whether that changes the tags that the projection holds; if not, nothing is appended.
    /// - Throws: What the journal and the storage throw.
    @discardableResult
    package func tag(_ note: NoteID, add added: [NoteTag], remove removed: [NoteTag]) async throws(EffectError) -> Bool
    {
        let tags = Set(try await record(of: note)?.tags ?? [])
        let (new, gone) = (added.filter { !tags.contains($0) }, removed.filter(tags.contains))
        if !new.isEmpty { try await append(.tagged(new.canonical), to: note) }
        if !gone.isEmpty { try await append(.untagged(gone.canonical), to: note) }
        return !(new.isEmpty && gone.isEmpty)
    }

    /// Brings the projection up to the journal's end.
    package func catchUp(_ progress: Projector.Progress = { _ in }) async throws(EffectError) {
        try await Projector(effects).catchUp(progress)
    }

    var writer: NoteWriter { NoteWriter(effects.journal) }

    private var now: UInt64 { effects.time.now.millisecondsSinceEpoch }

    private func append(_ operation: NoteOperation, to note: NoteID) async throws(EffectError) {
        try await effects.journal.append([operation.draft(id: EntryID(effects))], to: note.stream)
    }
}
