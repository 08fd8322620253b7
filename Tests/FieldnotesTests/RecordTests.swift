internal import AuraEffects
internal import Testing

@testable internal import FieldnotesCore

@Suite("What operations add up to")
struct RecordTests {
    private static let note = NoteID(rawValue: 7)

    private static func written(_ number: UInt64, _ operation: NoteOperation, time: UInt64, origin: UInt128)
        -> WrittenOperation
    {
        WrittenOperation(operation, of: note, id: EntryID(rawValue: UInt128(number)), time: time, origin: origin)
    }

    @Test("operations of the first version add up to what they always did, in every order")
    func blind() throws {
        let operations: [(NoteOperation, UInt64, UInt128)] = [
            (.addedBlindly(.inline([1]), tags: [try tag("a")], source: NoteSource(name: "s", path: "p")), 10, 1),
            (.addedBlindly(.inline([2]), tags: [try tag("b")], source: nil), 11, 2),
            (.editedBlindly(.inline([3])), 20, 1),
            (.editedBlindly(.inline([4])), 20, 2),
            (.taggedBlindly([try tag("c")]), 30, 1),
            (.untaggedBlindly([try tag("a"), try tag("c")]), 31, 2),
        ]
        let steps = operations.enumerated()
            .map { Self.written(UInt64($0), $1.0, time: $1.1, origin: $1.2) }
        let expected = SeenNote(NoteRecord(Self.note, takingIn: steps))
        #expect(expected.tags == [try tag("b")])
        #expect(expected.texts.map(\.digest) == [SHA256.hash([4])])
        #expect(expected.source?.path == "p")
        var count = 0
        for permutation in permutations(steps) {
            #expect(SeenNote(NoteRecord(Self.note, takingIn: permutation)) == expected)
            count += 1
        }
        #expect(count == 720)
    }

    @Test("texts that did not know of one another are kept, whatever the order, and the one that names both holds")
    func conflict() throws {
        let ids = (0..<6).map { EntryID(rawValue: $0) }
        let steps = [
            Self.written(
                0,
                .added(.inline([0]), tags: [try tag("a"), try tag("b")], source: nil),
                time: 10,
                origin: 1
            ),
            Self.written(1, .edited(.inline([1]), replacing: [ids[0]]), time: 20, origin: 1),
            Self.written(2, .edited(.inline([2]), replacing: [ids[0]]), time: 15, origin: 2),
            Self.written(3, .titled(GivenTitle("late")), time: 22, origin: 1),
            Self.written(4, .titled(GivenTitle("early")), time: 21, origin: 2),
            Self.written(
                5,
                .untagged([NoteTags.Dot(element: try tag("a"), id: ids[0])]),
                time: 12,
                origin: 2
            ),
        ]
        for permutation in permutations(steps) {
            let record = NoteRecord(Self.note, takingIn: permutation)
            #expect(record.isInConflict && record.title == "late")
            #expect(record.versions.map(\.entry) == [ids[1], ids[2]], "the latest first")
            #expect(record.tags == [try tag("b")])
        }
        let resolved =
            steps[..<4] + [Self.written(9, .edited(.inline([9]), replacing: [ids[1], ids[2]]), time: 1, origin: 3)]
        for permutation in permutations(Array(resolved)) {
            let record = NoteRecord(Self.note, takingIn: permutation)
            #expect(!record.isInConflict && record.current?.digest == SHA256.hash([9]))
        }
    }

    @Test("an operation of the first version takes nothing away of what one of the second brought")
    func blindBesideNaming() throws {
        let steps = [
            Self.written(0, .addedBlindly(.inline([0]), tags: [try tag("a")], source: nil), time: 1, origin: 1),
            Self.written(1, .edited(.inline([1]), replacing: [EntryID(rawValue: 0)]), time: 2, origin: 1),
            Self.written(2, .tagged([try tag("n")]), time: 3, origin: 1),
            // Another device, which was not updated, knows of nothing but the first entry.
            Self.written(3, .editedBlindly(.inline([3])), time: 9, origin: 2),
            Self.written(4, .untaggedBlindly([try tag("a"), try tag("n")]), time: 9, origin: 2),
        ]
        for permutation in permutations(steps) {
            let record = NoteRecord(Self.note, takingIn: permutation)
            #expect(record.versions.map(\.digest) == [SHA256.hash([3]), SHA256.hash([1])])
            #expect(record.tags == [try tag("n")])
        }
    }

    @Test("equal texts of two devices are no conflict, and one edit takes the place of both")
    func equalTexts() {
        let steps = [
            Self.written(0, .added(.inline([5]), tags: [], source: nil), time: 1, origin: 1),
            Self.written(1, .edited(.inline([5]), replacing: []), time: 2, origin: 2),
        ]
        var record = NoteRecord(Self.note, takingIn: steps)
        #expect(!record.isInConflict && record.versions.map(\.entry) == [EntryID(rawValue: 1)])
        #expect(record.seenTexts == [EntryID(rawValue: 0), EntryID(rawValue: 1)])
        let edit = Self.written(2, .edited(.inline([6]), replacing: record.seenTexts), time: 3, origin: 1)
        _ = record.takeIn(edit)
        #expect(record.versions.map(\.digest) == [SHA256.hash([6])])
    }

    @Test("an entry that is taken in again changes nothing")
    func again() throws {
        let added = Self.written(0, .added(.inline([5]), tags: [try tag("a")], source: nil), time: 1, origin: 1)
        let edited = Self.written(1, .edited(.inline([6]), replacing: [added.id]), time: 2, origin: 1)
        var record = NoteRecord(Self.note, takingIn: [added, edited])
        let before = record
        for (step, position) in [(added, 1), (edited, 2)] as [(WrittenOperation, UInt64)] {
            #expect(record.apply(step.operation, of: step.entry(at: position)) == NoteRecord.Change())
        }
        #expect(record == before)
    }

    @Test("a record comes back from storage as it was")
    func encoding() throws {
        let source = NoteSource(name: "s", path: "p")
        let steps = [
            Self.written(0, .added(.inline([1]), tags: [try tag("a")], source: source), time: 5, origin: 9),
            Self.written(1, .addedBlindly(.inline([2]), tags: [try tag("b")], source: source), time: 6, origin: 8),
            Self.written(2, .edited(.inline([3]), replacing: [EntryID(rawValue: 77)]), time: 7, origin: 9),
            Self.written(
                3,
                .untagged([NoteTags.Dot(element: try tag("z"), id: EntryID(rawValue: 1))]),
                time: 8,
                origin: 9
            ),
            Self.written(4, .titled(GivenTitle("Herons")), time: 9, origin: 9),
        ]
        var record = NoteRecord(Self.note, takingIn: steps)
        record.texts.setTitle("A title", of: EntryID(rawValue: 0))
        #expect(try NoteRecord(Self.note, encoded: record.encoded) == record)
        record.givenTitle.set(GivenTitle(nil), at: Stamp(steps[4].entry(at: 99)))
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
