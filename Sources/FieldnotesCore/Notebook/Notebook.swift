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

    /// Gives a note a new text in place of the one that this device has, or of all that it has: an edit resolves a conflict.
    ///
    /// - Parameters:
    ///   - note: The note.
    ///   - text: UTF-8 text.
    /// - Returns: Whether it changes anything; if not, nothing is appended.
    /// - Throws: What the journal and the storage throw.
    @discardableResult
    package func edit(_ note: NoteID, text: [UInt8]) async throws(EffectError) -> Bool {
        let record = try await latestRecord(of: note)
        if let record, holds(record, only: SHA256.hash(text)) { return false }
        let content = try await writer.content(for: text, of: note, milliseconds: now)
        try await append(.edited(content, replacing: record?.seenTexts ?? []), to: note)
        return true
    }

    /// Gives a note again a text that it has or had: of a note in conflict the one that is to hold.
    ///
    /// - Parameters:
    ///   - note: The note.
    ///   - revision: The revision that brought the text.
    /// - Returns: Whether it changes anything; if not, nothing is appended.
    /// - Throws: What ``text(of:at:)`` and the storage throw.
    @discardableResult
    package func edit(_ note: NoteID, keeping revision: Revision) async throws(EffectError) -> Bool {
        let record = try await latestRecord(of: note)
        let content = try await text(of: note, at: revision).content
        if let record, holds(record, only: content.digest) { return false }
        try await append(.edited(content, replacing: record?.seenTexts ?? []), to: note)
        return true
    }

    /// The note with everything that this device has: what it wrote itself and did not see would be in conflict with what it writes
    /// next.
    private func latestRecord(of note: NoteID) async throws(EffectError) -> NoteRecord? {
        try await catchUp()
        return try await record(of: note)
    }

    private func holds(_ record: NoteRecord, only digest: SHA256Digest) -> Bool {
        record.versions.map(\.digest) == [digest]
    }

    /// Gives a note a title, whatever its text.
    ///
    /// - Parameters:
    ///   - title: The title; `nil` for the one that its text has.
    ///   - note: The note.
    /// - Returns: Whether it is another title than the note has; if not, nothing is appended.
    /// - Throws: What the journal and the storage throw.
    @discardableResult
    package func setTitle(_ title: String?, of note: NoteID) async throws(EffectError) -> Bool {
        let held = try await latestRecord(of: note)?.givenTitle.value ?? GivenTitle(nil)
        guard held != GivenTitle(title) else { return false }
        try await append(.titled(GivenTitle(title)), to: note)
        return true
    }

    /// Adds tags to a note and removes others.
    ///
    /// A tag that another device adds meanwhile stays.
    ///
    /// - Parameters:
    ///   - note: The note.
    ///   - added: Tags that the note shall have.
    ///   - removed: Tags that the note shall not have.
    /// - Returns: Whether that changes the note's tags; if not, nothing is appended.
    /// - Throws: What the journal and the storage throw.
    @discardableResult
    package func tag(_ note: NoteID, add added: [NoteTag], remove removed: [NoteTag]) async throws(EffectError) -> Bool
    {
        let held = try await latestRecord(of: note)?.tagged ?? NoteTags()
        let tags = Set(held.tags)
        let (new, gone) = (added.filter { !tags.contains($0) }, removed.filter(tags.contains))
        if !new.isEmpty { try await append(.tagged(new.canonical), to: note) }
        if !gone.isEmpty { try await append(.untagged(gone.canonical.flatMap(held.dots)), to: note) }
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
