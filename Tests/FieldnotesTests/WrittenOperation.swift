internal import AuraEffects

@testable internal import FieldnotesCore

/// An operation that a device has written: what travels between journals.
struct WrittenOperation: Hashable {
    let operation: NoteOperation
    let note: NoteID
    let id: EntryID
    let time: UInt64
    let origin: UInt128

    init(_ operation: NoteOperation, of note: NoteID, id: EntryID, time: UInt64, origin: UInt128) {
        self.operation = operation
        self.note = note
        self.id = id
        self.time = time
        self.origin = origin
    }

    /// Its entry in a journal that it has come to at a position.
    func entry(at position: UInt64) -> JournalEntry {
        JournalEntry(
            stream: note.stream,
            revision: Revision(rawValue: position - 1),
            position: Position(rawValue: position),
            origin: OriginID(rawValue: origin),
            sequence: position,
            id: id,
            timestamp: HybridTimestamp(milliseconds: time, counter: 0),
            kind: operation.kind,
            body: .payload(operation.encoded),
            hash: .zero
        )
    }
}

extension NoteRecord {
    /// Creates the record of operations that arrive in an order.
    init(_ note: NoteID, takingIn steps: [WrittenOperation]) {
        self.init(note)
        for step in steps { _ = takeIn(step) }
    }

    /// Takes in an operation that arrives as the next one.
    mutating func takeIn(_ step: WrittenOperation) -> Change {
        apply(step.operation, of: step.entry(at: taken.rawValue + 1))
    }
}

/// What a reader sees of a note: the same in every journal that holds the same entries.
struct SeenNote: Hashable {
    struct Text: Hashable {
        var stamp: Stamp
        var digest: SHA256Digest
        var byteCount: Int
    }

    var texts: [Text]
    var tags: [NoteTag]
    var given: LastWriterWinsRegister<GivenTitle>
    var created: Stamp?
    var source: NoteSource?
    var changed: Stamp?

    init(_ record: NoteRecord) {
        texts = record.versions.map { Text(stamp: $0.stamp, digest: $0.digest, byteCount: $0.byteCount) }
        tags = record.tags
        given = record.givenTitle
        created = record.created
        source = record.source
        changed = record.changed
    }
}
