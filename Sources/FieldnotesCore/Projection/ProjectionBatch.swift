internal import AuraEffects

/// Entries on their way into the projection: the records that they change, held until they are written.
struct ProjectionBatch {
    private struct Held {
        var record: NoteRecord
        let stored: NoteRecord?
        let precondition: StoragePrecondition
    }

    private static let fullCount = 1024

    private let effects: EffectSystem
    private var held: [NoteID: Held] = [:]
    private var index = IndexBuffer()
    private var unknown: [Position: String] = [:]
    private(set) var checkpoint: Checkpoint
    private var precondition: StoragePrecondition

    /// Creates a batch that goes on after a checkpoint.
    ///
    /// - Parameters:
    ///   - effects: Where the journal and the storage are.
    ///   - checkpoint: Where the batch begins.
    ///   - precondition: What storage must hold of the checkpoint when the batch is written.
    init(_ effects: EffectSystem, after checkpoint: Checkpoint, if precondition: StoragePrecondition) {
        self.effects = effects
        self.checkpoint = checkpoint
        self.precondition = precondition
    }

    var isFull: Bool { index.isFull || held.count + unknown.count >= Self.fullCount }

    /// Takes in the next entry.
    mutating func apply(_ entry: JournalEntry) async throws(EffectError) {
        checkpoint = Checkpoint(entry)
        guard let note = NoteID(entry.stream) else { return }
        guard let payload = entry.payload else {
            unknown[entry.position] = "\(entry.kind): its payload was compacted away"
            return
        }
        let operation: NoteOperation?
        do throws(MalformedBytes) {
            operation = try NoteOperation(kind: entry.kind, payload: payload)
        } catch {
            unknown[entry.position] = "\(entry.kind): \(error)"
            return
        }
        guard let operation else {
            unknown[entry.position] = "\(entry.kind): this version does not know it"
            return
        }
        if case .chunk = operation { return }
        try await hold(note)
        guard let change = held[note]?.record.apply(operation, of: entry) else { return }
        try await settle(change, in: note, before: entry.position)
        guard let content = change.content else { return }
        do throws(EffectError) {
            let title = try await indexText(content, of: note, document: entry.position)
            held[note]?.record.texts.setTitle(title, of: entry.id)
        } catch  where error.code == .corrupted || error.code == .compacted {
            // One damaged note must not keep the others from being shown.
            unknown[entry.position] = "\(entry.kind): \(error.message)"
        }
    }

    /// Drops the notes of what an operation takes away that has arrived before: what is kept of a note is bounded so, however
    /// often devices replace the same text at the same time.
    private mutating func settle(
        _ change: NoteRecord.Change,
        in note: NoteID,
        before position: Position
    ) async throws(EffectError) {
        for id in change.unseenTexts where try await hasArrived(id, in: note, before: position) {
            held[note]?.record.texts.settle(id)
        }
        for dot in change.unseenTags where try await hasArrived(dot.id, in: note, before: position) {
            held[note]?.record.tagged.settle(dot)
        }
    }

    private func hasArrived(_ id: EntryID, in note: NoteID, before position: Position) async throws(EffectError) -> Bool
    {
        do throws(EffectError) {
            return try await effects.journal.entry(note.stream, id: id).map { $0.position < position } ?? false
        } catch  where error.code == .compacted {
            // Where it stands is not said; keeping the note of it is always right.
            return false
        }
    }

    /// Writes everything and, as the last of it, the checkpoint.
    mutating func write() async throws(EffectError) {
        var batch = StorageBatch(effects.storage)
        try await index.write(to: &batch, of: effects.storage)
        // In one order, whatever the hash tables' is: the same import makes the same calls.
        for (position, reason) in unknown.sorted(by: { $0.key < $1.key }) {
            try await batch.add(.write(Array(reason.utf8), to: ProjectionKey.unknown(position)))
        }
        for source in newSources.sorted() {
            try await batch.add(.write(Array(source.utf8), to: ProjectionKey.source(source)))
        }
        for held in held.values.sorted(by: { $0.record.note.rawValue < $1.record.note.rawValue }) {
            try await write(held, to: &batch)
        }
        try await batch.add(.write(checkpoint.encoded, to: ProjectionKey.checkpoint, if: precondition))
        if let revision = try await batch.finish() { precondition = .matches(revision) }
        held.removeAll()
        unknown.removeAll()
    }

    private var newSources: Set<String> {
        Set(held.values.compactMap { $0.record.source == $0.stored?.source ? nil : $0.record.source?.name })
    }

    private func write(_ held: Held, to batch: inout StorageBatch) async throws(EffectError) {
        let (record, stored) = (held.record, held.stored)
        // The record comes after what it makes obsolete: whoever goes on after a crash finds the old record again.
        let documents = record.texts.versions.map(\.document)
        let old = stored?.texts.versions.map(\.document) ?? []
        for document in old where !documents.contains(document) {
            try await batch.add(.remove(ProjectionKey.document(document)))
        }
        for document in documents where !old.contains(document) {
            try await batch.add(.write(record.note.stream.bytes, to: ProjectionKey.document(document)))
        }
        // Stamps of two origins may have the same timestamp, and so the same key.
        if let changed = record.changed?.timestamp, changed != stored?.changed?.timestamp {
            if let old = stored?.changed?.timestamp {
                try await batch.add(.remove(ProjectionKey.recent(old, record.note)))
            }
            try await batch.add(.write([], to: ProjectionKey.recent(changed, record.note)))
        }
        try await batch.add(.write(record.encoded, to: ProjectionKey.note(record.note), if: held.precondition))
    }

    private mutating func hold(_ note: NoteID) async throws(EffectError) {
        guard held[note] == nil else { return }
        let key = ProjectionKey.note(note)
        guard let stored = try await effects.storage.read(key) else {
            held[note] = Held(record: NoteRecord(note), stored: nil, precondition: .absent)
            return
        }
        let record = try NoteRecord.read(note, stored)
        held[note] = Held(record: record, stored: record, precondition: .matches(stored.revision))
    }

    /// Adds a text's words to the index, part by part.
    ///
    /// - Returns: The text's title, if it has one.
    private mutating func indexText(
        _ content: NoteContent,
        of note: NoteID,
        document: Position
    ) async throws(EffectError) -> String? {
        let text = NoteText(content, of: note, in: effects.journal)
        var tokenizer = Tokenizer()
        var words: Set<UInt64> = []
        var title: String?
        var count = 0
        var part = try await text.part(count)
        while !part.isEmpty {
            if count == 0 { title = NoteTitle.find(in: part) }
            tokenizer.feed(part) { words.insert($0.hash) }
            if words.count >= Self.fullCount * 16 {
                index.add(words, of: document)
                words.removeAll(keepingCapacity: true)
            }
            if index.isFull {
                var batch = StorageBatch(effects.storage)
                try await index.write(to: &batch, of: effects.storage)
                _ = try await batch.finish()
            }
            count += 1
            part = try await text.part(count)
        }
        tokenizer.finish { words.insert($0.hash) }
        index.add(words, of: document)
        return title
    }
}

extension StreamName {
    fileprivate var bytes: [UInt8] { Array(text.utf8) }
}

extension NoteRecord {
    /// Reads a record from what storage returned.
    static func read(_ note: NoteID, _ stored: StoredValue) throws(EffectError) -> NoteRecord {
        do throws(MalformedBytes) {
            return try NoteRecord(note, encoded: stored.bytes)
        } catch {
            throw .malformedProjection(ProjectionKey.note(note), error)
        }
    }
}
