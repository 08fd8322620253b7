internal import AuraEffects
internal import Testing

/// The expected digests were computed from the documented layout by another implementation: they never change.
@Suite("The chain's hashes")
struct EntryHashTests {
    private static let origin = OriginID(rawValue: 0x0001_0203_0405_0607_0809_0a0b_0c0d_0e0f)
    private static let id = EntryID(rawValue: 0x0190_a0b0_c0d0_7000_8000_0000_0000_00aa)

    private static let first = JournalEntry.Header(
        origin: origin,
        sequence: 1,
        timestamp: HybridTimestamp(milliseconds: 1_767_225_600_000, counter: 3),
        id: id,
        stream: "notes/ä",
        kind: "note.added/1"
    )
    private static let second = JournalEntry.Header(
        origin: origin,
        sequence: 2,
        timestamp: HybridTimestamp(milliseconds: 1_767_225_600_000, counter: 4),
        id: EntryID(rawValue: id.rawValue + 1),
        stream: "n",
        kind: "k"
    )

    private static let firstHash = first.hash(previous: .zero, payload: SHA256.hash(Array("hello".utf8)))
    private static let secondHash = second.hash(previous: firstHash, payload: SHA256.hash([UInt8]()))

    @Test("an entry's hash has the documented layout")
    func header() {
        #expect(
            Self.firstHash.description == "77b19f3f7f1e833958e51523f5fb17118a3af355a541fa5efc7d6aa344d56b4c"
        )
        #expect(
            Self.secondHash.description == "0c7fd822ab35a0b7c272225483d1668206050470077f7548d94686ac52a9cba1"
        )
    }

    @Test("the root hash covers the heads in the order of their origins")
    func root() {
        let heads: [OriginID: JournalFrontier.Head] = [
            OriginID(rawValue: 1 << 127): .init(sequence: 7, hash: Self.firstHash),
            Self.origin: .init(sequence: 2, hash: Self.secondHash),
        ]
        #expect(
            JournalFrontier(heads).rootHash.description
                == "61852d5bd31b55a49b022da9ce58823da75029f6eb5f2332219ce79ff874c0cf"
        )
        #expect(JournalFrontier().rootHash == SHA256.hash([UInt8]()))
    }

    @Test("the hash covers every field of the header")
    func everyField() {
        let changes: [(String, (inout JournalEntry.Header) -> Void)] = [
            ("origin", { $0.origin = OriginID(rawValue: 1) }),
            ("sequence", { $0.sequence = 9 }),
            ("timestamp", { $0.timestamp = .zero }),
            ("id", { $0.id = EntryID(rawValue: 1) }),
            ("stream", { $0.stream = "notes/a\u{308}" }),
            ("kind", { $0.kind = "note.added/2" }),
        ]
        for (field, change) in changes {
            var header = Self.first
            change(&header)
            let hash = header.hash(previous: .zero, payload: SHA256.hash(Array("hello".utf8)))
            #expect(hash != Self.firstHash, "\(field)")
        }
    }

    @Test("an entry without its payload has the same header and digest")
    func compacted() {
        var entry = JournalEntry(
            stream: Self.first.stream,
            revision: .first,
            position: Position(rawValue: 1),
            origin: Self.origin,
            sequence: 1,
            id: Self.id,
            timestamp: Self.first.timestamp,
            kind: Self.first.kind,
            body: .payload(Array("hello".utf8)),
            hash: Self.firstHash
        )
        #expect(entry.header == Self.first)
        entry.body = .compacted(entry.payloadDigest)
        #expect(entry.payload == nil)
        #expect(entry.header.hash(previous: .zero, payload: entry.payloadDigest) == entry.hash)
    }
}
