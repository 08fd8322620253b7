internal import AuraEffects

/// A note's text as an operation holds it: in place, or as chunks that were appended to the note's stream before.
enum NoteContent: Hashable, Sendable {
    case inline([UInt8])
    case chunked(ChunkedText)

    var byteCount: Int {
        switch self {
        case .inline(let bytes): bytes.count
        case .chunked(let text): text.byteCount
        }
    }

    var digest: SHA256Digest {
        switch self {
        case .inline(let bytes): SHA256.hash(bytes)
        case .chunked(let text): text.digest
        }
    }

    /// The largest text that an operation holds in place, and the size of a chunk, where the journal allows it.
    static let chunkByteCount = 64 * 1024
}

/// A text in chunks, named by what it holds: whoever appends the same text appends the same chunks under the same ids.
struct ChunkedText: Hashable, Sendable {
    /// The SHA-256 of the whole text.
    var digest: SHA256Digest
    var byteCount: Int
    /// The size of every chunk but the last.
    var chunkByteCount: Int
    /// The moment in the chunks' ids, which are ordered by time: when the file was changed or the text was written.
    var milliseconds: UInt64

    var chunkCount: Int { (byteCount + chunkByteCount - 1) / chunkByteCount }

    /// The id of the entry that holds a chunk.
    func chunkID(of note: NoteID, _ index: Int) -> EntryID {
        EntryID(milliseconds: milliseconds, "note.chunk") { writer in
            writer.fixed(note.rawValue)
            writer.digest(digest)
            writer.count(chunkByteCount)
            writer.count(index)
        }
    }
}

extension EntryID {
    /// An id that follows from what it names: whoever derives it again gets the same one.
    ///
    /// It has the layout of a UUID of version 8 (RFC 9562, section 5.8): milliseconds, then 74 bits of a SHA-256.
    init(milliseconds: UInt64, _ purpose: String, naming fields: (inout ByteWriter) -> Void) {
        var writer = ByteWriter()
        writer.text(purpose)
        fields(&writer)
        let hash = SHA256.hash(writer.bytes).bytes.prefix(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        let time = UInt128(milliseconds & 0xffff_ffff_ffff) << 80
        let high = (hash >> 64 & 0xfff) << 64
        let low = hash & 0x3fff_ffff_ffff_ffff
        self.init(rawValue: time | 8 << 76 | high | 0b10 << 62 | low)
    }
}
