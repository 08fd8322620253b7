internal import AuraEffects
internal import Testing

@testable internal import FieldnotesCore

@Suite("The encoding of operations")
struct EncodingTests {
    private static let digest = SHA256.hash(Array("abc".utf8))

    private static func operations() throws -> [(NoteOperation, hexadecimal: String)] {
        let chunked = ChunkedText(digest: digest, byteCount: 300, chunkByteCount: 128, milliseconds: 1_767_225_600_000)
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        return [
            (
                .added(.inline(Array("hé".utf8)), tags: [try tag("a"), try tag("b")], source: nil),
                "000368c3a9020161016200"
            ),
            (
                .added(.inline([]), tags: [], source: NoteSource(name: "/n", path: "x/y")),
                "00000001022f6e03782f79"
            ),
            (.added(.chunked(chunked), tags: [], source: nil), "01\(abc)ac02800180d0eab6b7330000"),
            (
                .edited(.inline([0x78]), replacing: [EntryID(rawValue: 1), EntryID(rawValue: 256)]),
                "00017802" + "00000000000000000000000000000001" + "00000000000000000000000000000100"
            ),
            (.edited(.inline([0x78]), replacing: []), "00017800"),
            (.titled(GivenTitle("hé")), "010368c3a9"),
            (.titled(GivenTitle(nil)), "00"),
            (.tagged([try tag("a")]), "010161"),
            (
                .untagged([
                    NoteTags.Dot(element: try tag("a"), id: EntryID(rawValue: 1)),
                    NoteTags.Dot(element: try tag("ß"), id: EntryID(rawValue: 1)),
                ]),
                "02" + "016100000000000000000000000000000001" + "02c39f00000000000000000000000000000001"
            ),
            (
                .addedBlindly(.inline(Array("hé".utf8)), tags: [try tag("a"), try tag("b")], source: nil),
                "000368c3a9020161016200"
            ),
            (.editedBlindly(.inline([0x78])), "000178"),
            (.taggedBlindly([try tag("a")]), "010161"),
            (.untaggedBlindly([try tag("a"), try tag("ß")]), "02016102c39f"),
            (.chunk(NoteChunk(digest: digest, index: 200, bytes: [1, 2, 3])), "\(abc)c80103010203"),
        ]
    }

    @Test("every operation has the bytes of its version and comes back from them")
    func goldenBytes() throws {
        for (operation, hexadecimal) in try Self.operations() {
            #expect(operation.encoded.hexadecimal == hexadecimal, "\(operation)")
            #expect(try NoteOperation(kind: operation.kind, payload: operation.encoded) == operation)
        }
    }

    @Test("a payload that was cut or made longer is malformed")
    func cut() throws {
        for (operation, _) in try Self.operations() {
            let payload = operation.encoded
            for count in 0..<payload.count {
                #expect(throws: MalformedBytes.self) {
                    try NoteOperation(kind: operation.kind, payload: Array(payload.prefix(count)))
                }
            }
            #expect(throws: MalformedBytes.self) {
                try NoteOperation(kind: operation.kind, payload: payload + [0])
            }
        }
    }

    @Test("no value has a second form", arguments: ["81000161", "0201620161", "0201610161", "010141", "0102c328"])
    func canonical(hexadecimal: String) throws {
        let payload = try #require(bytes(hexadecimal))
        #expect(throws: MalformedBytes.self) { try NoteOperation(kind: NoteOperation.Kind.tagged, payload: payload) }
    }

    @Test("a kind of a later version is not understood, and not malformed")
    func laterVersion() throws {
        #expect(try NoteOperation(kind: "note.edited/3", payload: [1, 2, 3]) == nil)
    }

    @Test("numbers at the borders of the encoding come back")
    func numbers() throws {
        for number: UInt64 in [0, 1, 127, 128, 16_383, 16_384, 1 << 63, .max] {
            var writer = ByteWriter()
            writer.number(number)
            var reader = ByteReader(writer.bytes)
            #expect(try reader.number() == number)
            #expect(reader.isAtEnd)
        }
        for tooLong: [UInt8] in [[0x80, 0x00], Array(repeating: 0xff, count: 10), Array(repeating: 0x80, count: 11)] {
            var reader = ByteReader(tooLong)
            #expect(throws: MalformedBytes.self) { try reader.number() }
        }
    }

    @Test("ids that are derived stay the same from version to version")
    func derivedIDs() {
        let note = NoteID(source: NoteSource(name: "/n", path: "x/y"))
        let chunks = ChunkedText(
            digest: Self.digest,
            byteCount: 300,
            chunkByteCount: 128,
            milliseconds: 1_767_225_600_000
        )
        let id = chunks.chunkID(of: note, 1)
        #expect(note.description == "50ff93aabfd3cc5411c652919efbf06a")
        #expect(id.description == "019b76daa8008a85b54edb31535410c8")
        #expect(id.rawValue >> 80 == 1_767_225_600_000)
        #expect(id.rawValue >> 76 & 0xf == 8)
        #expect(id.rawValue >> 62 & 0b11 == 0b10)
        #expect(chunks.chunkCount == 3)
    }

    private func bytes(_ hexadecimal: String) -> [UInt8]? {
        let digits = Array(hexadecimal)
        let pairs = stride(from: 0, to: digits.count - 1, by: 2).map { String(digits[$0...$0 + 1]) }
        let bytes = pairs.compactMap { UInt8($0, radix: 16) }
        return bytes.count * 2 == digits.count ? bytes : nil
    }
}

extension [UInt8] {
    fileprivate var hexadecimal: String {
        map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
