internal import AuraEffects

extension NoteOperation {
    /// The payload of the operation's entry.
    var encoded: [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .added(let content, let tags, let source):
            content.write(to: &writer)
            writer.list(tags) { $0.text($1.text) }
            writer.optional(source) { writer, source in
                writer.text(source.name)
                writer.text(source.path)
            }
        case .edited(let content):
            content.write(to: &writer)
        case .tagged(let tags), .untagged(let tags):
            writer.list(tags) { $0.text($1.text) }
        case .chunk(let chunk):
            writer.digest(chunk.digest)
            writer.count(chunk.index)
            writer.block(chunk.bytes)
        }
        return writer.bytes
    }

    /// Reads an operation from an entry.
    ///
    /// - Returns: `nil` for a kind that this version does not know.
    /// - Throws: ``MalformedBytes`` for a payload that is not of its kind.
    init?(kind: EntryKind, payload: [UInt8]) throws(MalformedBytes) {
        var reader = ByteReader(payload)
        switch kind {
        case Kind.added:
            let content = try NoteContent(from: &reader)
            let tags = try Self.tags(from: &reader)
            let source = try reader.optional { reader throws(MalformedBytes) in
                NoteSource(name: try reader.text(), path: try reader.text())
            }
            self = .added(content, tags: tags, source: source)
        case Kind.edited:
            self = .edited(try NoteContent(from: &reader))
        case Kind.tagged:
            self = .tagged(try Self.tags(from: &reader))
        case Kind.untagged:
            self = .untagged(try Self.tags(from: &reader))
        case Kind.chunk:
            self = .chunk(
                NoteChunk(digest: try reader.digest(), index: try reader.count(), bytes: try reader.block())
            )
        default:
            return nil
        }
        try reader.finish()
    }

    private static func tags(from reader: inout ByteReader) throws(MalformedBytes) -> [NoteTag] {
        let tags = try reader.list { reader throws(MalformedBytes) in
            guard let tag = NoteTag(exactly: try reader.text()) else {
                throw reader.malformed("a text that is not a tag")
            }
            return tag
        }
        guard tags == tags.canonical else { throw reader.malformed("tags out of order or twice") }
        return tags
    }
}

extension NoteContent {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .inline(let bytes):
            writer.number(0)
            writer.block(bytes)
        case .chunked(let text):
            writer.number(1)
            text.write(to: &writer)
        }
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        switch try reader.number() {
        case 0: self = .inline(try reader.block())
        case 1: self = .chunked(try ChunkedText(from: &reader))
        default: throw reader.malformed("a content that is neither in place nor in chunks")
        }
    }
}

extension ChunkedText {
    func write(to writer: inout ByteWriter) {
        writer.digest(digest)
        writer.count(byteCount)
        writer.count(chunkByteCount)
        writer.number(milliseconds)
    }

    init(from reader: inout ByteReader) throws(MalformedBytes) {
        digest = try reader.digest()
        byteCount = try reader.count()
        chunkByteCount = try reader.count()
        milliseconds = try reader.number()
        guard chunkByteCount > 0, byteCount <= .max - chunkByteCount else {
            throw reader.malformed("impossible chunks")
        }
    }
}
