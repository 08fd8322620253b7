internal import AuraEffects

extension NoteOperation {
    /// The payload of the operation's entry.
    var encoded: [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .added(let content, let tags, let source), .addedBlindly(let content, let tags, let source):
            content.write(to: &writer)
            writer.list(tags) { $0.text($1.text) }
            writer.optional(source) { writer, source in
                writer.text(source.name)
                writer.text(source.path)
            }
        case .edited(let content, let replaced):
            content.write(to: &writer)
            writer.list(replaced) { $0.fixed($1.rawValue) }
        case .editedBlindly(let content):
            content.write(to: &writer)
        case .titled(let title):
            writer.optional(title.text) { $0.text($1) }
        case .tagged(let tags), .taggedBlindly(let tags), .untaggedBlindly(let tags):
            writer.list(tags) { $0.text($1.text) }
        case .untagged(let dots):
            writer.list(dots) { $1.write(to: &$0) }
        case .chunk(let chunk):
            writer.digest(chunk.digest)
            writer.count(chunk.index)
            writer.block(chunk.bytes)
        case .attached(let file, let replaced):
            writer.text(file.name)
            writer.count(file.byteCount)
            writer.digest(file.digest)
            writer.optional(file.contentType) { $0.text($1) }
            writer.list(replaced) { $0.fixed($1.rawValue) }
        case .detached(let ids):
            writer.list(ids) { $0.fixed($1.rawValue) }
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
        case Kind.added, Kind.addedBlindly:
            let content = try NoteContent(from: &reader)
            let tags = try Self.tags(from: &reader)
            let source = try reader.optional { reader throws(MalformedBytes) in
                NoteSource(name: try reader.text(), path: try reader.text())
            }
            let isBlind = kind == Kind.addedBlindly
            self =
                isBlind
                ? .addedBlindly(content, tags: tags, source: source) : .added(content, tags: tags, source: source)
        case Kind.edited:
            self = .edited(try NoteContent(from: &reader), replacing: try Self.entries(from: &reader))
        case Kind.editedBlindly:
            self = .editedBlindly(try NoteContent(from: &reader))
        case Kind.titled:
            self = .titled(GivenTitle(try reader.optional { reader throws(MalformedBytes) in try reader.text() }))
        case Kind.tagged:
            self = .tagged(try Self.tags(from: &reader))
        case Kind.taggedBlindly:
            self = .taggedBlindly(try Self.tags(from: &reader))
        case Kind.untagged:
            let dots = try reader.list { reader throws(MalformedBytes) in try NoteTags.Dot(from: &reader) }
            self = .untagged(try Self.ordered(dots, in: reader))
        case Kind.untaggedBlindly:
            self = .untaggedBlindly(try Self.tags(from: &reader))
        case Kind.chunk:
            self = .chunk(
                NoteChunk(digest: try reader.digest(), index: try reader.count(), bytes: try reader.block())
            )
        case Kind.attached:
            let file = AttachedFile(
                name: try reader.text(),
                byteCount: try reader.count(),
                digest: try reader.digest(),
                contentType: try reader.optional { reader throws(MalformedBytes) in try reader.text() }
            )
            self = .attached(file, replacing: try Self.entries(from: &reader))
        case Kind.detached:
            self = .detached(try Self.entries(from: &reader))
        default:
            return nil
        }
        try reader.finish()
    }

    private static func entries(from reader: inout ByteReader) throws(MalformedBytes) -> [EntryID] {
        let ids = try reader.list { reader throws(MalformedBytes) in EntryID(rawValue: try reader.fixed128()) }
        return try ordered(ids, in: reader)
    }

    private static func tags(from reader: inout ByteReader) throws(MalformedBytes) -> [NoteTag] {
        let tags = try reader.list { reader throws(MalformedBytes) in try NoteTag(from: &reader) }
        return try ordered(tags, in: reader)
    }

    /// Refuses elements that are out of order or come twice.
    private static func ordered<Element: Comparable>(
        _ elements: [Element],
        in reader: ByteReader
    ) throws(MalformedBytes) -> [Element] {
        guard zip(elements, elements.dropFirst()).allSatisfy(<) else {
            throw reader.malformed("a list that is out of order or names something twice")
        }
        return elements
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
