internal import AuraEffects
internal import Testing

@testable internal import FieldnotesCore

@Suite("What operations add up to")
struct RecordTests {
    private static let note = NoteID(rawValue: 7)

    /// An entry of an origin at a time; its position is its number.
    private static func entry(_ number: UInt64, _ operation: NoteOperation, time: UInt64, origin: UInt128)
        -> JournalEntry
    {
        JournalEntry(
            stream: note.stream,
            revision: Revision(rawValue: number),
            position: Position(rawValue: number + 1),
            origin: OriginID(rawValue: origin),
            sequence: number,
            id: EntryID(rawValue: UInt128(number)),
            timestamp: HybridTimestamp(milliseconds: time, counter: 0),
            kind: operation.kind,
            body: .payload(operation.encoded),
            hash: .zero
        )
    }

    private static func record(_ steps: [(NoteOperation, JournalEntry)]) -> NoteRecord {
        var record = NoteRecord(note)
        for (operation, entry) in steps { _ = record.apply(operation, of: entry) }
        return record
    }

    @Test("operations of two devices add up to the same in every order")
    func commute() throws {
        let operations: [(NoteOperation, UInt64, UInt128)] = [
            (.added(.inline([1]), tags: [try tag("a")], source: NoteSource(name: "s", path: "p")), 10, 1),
            (.added(.inline([2]), tags: [try tag("b")], source: nil), 11, 2),
            (.edited(.inline([3])), 20, 1),
            (.edited(.inline([4])), 20, 2),
            (.tagged([try tag("c")]), 30, 1),
            (.untagged([try tag("a"), try tag("c")]), 31, 2),
        ]
        let steps = operations.enumerated()
            .map { number, step in
                (step.0, Self.entry(UInt64(number), step.0, time: step.1, origin: step.2))
            }
        let expected = Self.record(steps)
        #expect(expected.tags == [try tag("b")])
        #expect(expected.current?.digest == SHA256.hash([4]))
        #expect(expected.source?.path == "p")
        var count = 0
        for permutation in permutations(steps) {
            #expect(Self.record(permutation) == expected)
            #expect(Self.record(permutation + permutation) == expected, "taken in twice")
            count += 1
        }
        #expect(count == 720)
    }

    @Test("a record comes back from storage as it was")
    func encoding() throws {
        let operation = NoteOperation.added(
            .inline([1]),
            tags: [try tag("a")],
            source: NoteSource(name: "s", path: "p")
        )
        var record = Self.record([(operation, Self.entry(0, operation, time: 5, origin: 9))])
        record.current?.title = "A title"
        #expect(try NoteRecord(Self.note, encoded: record.encoded) == record)
        #expect(try NoteRecord(Self.note, encoded: NoteRecord(Self.note).encoded) == NoteRecord(Self.note))
    }

    @Test("a note whose text has not arrived is not shown, and is once it has")
    func textLater() async throws {
        let fixture = Fixture()
        let note = NoteID(rawValue: 3)
        let tagged = NoteOperation.tagged([try tag("early")])
        try await fixture.journal.append([tagged.draft(id: EntryID(rawValue: 1))], to: note.stream)
        #expect(try await fixture.contents().isEmpty)
        #expect(try await fixture.notebook.recentNotes(limit: 10).isEmpty)
        let added = NoteOperation.added(.inline(Array("text".utf8)), tags: [], source: nil)
        try await fixture.journal.append([added.draft(id: EntryID(rawValue: 2))], to: note.stream)
        #expect(try await fixture.contents() == [Content(path: "", text: "text", tags: [try tag("early")])])
    }

    private func permutations<Element>(_ elements: [Element]) -> [[Element]] {
        guard elements.count > 1 else { return [elements] }
        return elements.indices.flatMap { index in
            var rest = elements
            let element = rest.remove(at: index)
            return permutations(rest).map { [element] + $0 }
        }
    }
}
