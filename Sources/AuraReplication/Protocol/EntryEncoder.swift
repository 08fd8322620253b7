internal import AuraEffects

/// Writes a batch, entry by entry, until the message is full.
///
/// Origins, streams and kinds are written once, where they first occur, and later named by their number.
struct EntryEncoder {
    /// The first byte of an entry, or of what follows the last one.
    enum Tag: UInt8 {
        case end = 0
        case payload = 1
        case compacted = 2
        case deferred = 3
    }

    private static let tailBytes = 2
    /// The most bytes of an entry besides its names and its payload.
    private static let fixedBytes = 1 + 5 + 16 + 5 + 5 + 5 + 5 + 9 + 16 + 8 + 32 + 32 + 9

    private let messageBytes: Int
    private var writer: MessageWriter
    private var origins = Names<OriginID>()
    private var streams = Names<StreamName>()
    private var kinds = Names<EntryKind>()

    /// How many entries were written.
    private(set) var count = 0

    /// Begins a batch.
    ///
    /// - Parameters:
    ///   - writer: The message, with what precedes the batch.
    ///   - forkedOrigins: The wanted origins whose chains fork, in their order.
    ///   - messageBytes: The most bytes that the message may have.
    init(_ writer: MessageWriter, forkedOrigins: [OriginID] = [], messageBytes: Int = .max) {
        self.messageBytes = messageBytes
        self.writer = writer
        self.writer.append(forkedOrigins)
    }

    /// How many bytes the message has.
    var byteCount: Int { writer.count }

    /// Writes an entry, if it has room; a payload that no message has room for is left to be asked for in parts.
    ///
    /// - Returns: Whether it was written.
    mutating func append(_ entry: JournalEntry) -> Bool {
        let names = entry.stream.text.utf8.count + entry.kind.text.utf8.count
        let room = messageBytes - writer.count - Self.tailBytes - Self.fixedBytes - names
        guard room >= 0 else { return false }
        switch entry.body {
        case .compacted(let digest):
            appendHeader(of: entry, .compacted)
            writer.append(digest)
        case .payload(let payload) where payload.count <= room,
            .decrypted(_, stored: let payload) where payload.count <= room:
            appendHeader(of: entry, .payload)
            writer.append(number: payload.count)
            writer.append(raw: payload)
        case .payload(let payload), .decrypted(_, stored: let payload):
            // The next message may have the room that is lacking here.
            guard count == 0 else { return false }
            appendHeader(of: entry, .deferred)
            writer.append(SHA256.hash(payload))
            writer.append(number: payload.count)
        }
        count += 1
        return true
    }

    /// The bytes of the whole message.
    mutating func finish(hasMore: Bool) -> [UInt8] {
        writer.append(Tag.end.rawValue)
        writer.append(hasMore)
        return writer.bytes
    }

    private mutating func appendHeader(of entry: JournalEntry, _ tag: Tag) {
        writer.append(tag.rawValue)
        let (origin, isNewOrigin) = origins.number(of: entry.origin)
        writer.append(number: origin)
        if isNewOrigin { writer.append(entry.origin.rawValue) }
        let (stream, isNewStream) = streams.number(of: entry.stream)
        writer.append(number: stream)
        if isNewStream { writer.append(entry.stream.text) }
        let (kind, isNewKind) = kinds.number(of: entry.kind)
        writer.append(number: kind)
        if isNewKind { writer.append(entry.kind.text) }
        writer.append(number: entry.sequence)
        writer.append(entry.id.rawValue)
        writer.append(fixed: entry.timestamp.rawValue)
        writer.append(entry.hash)
    }
}

/// Numbers names in the order in which they first occur.
private struct Names<Name: Hashable> {
    private var numbers: [Name: Int] = [:]
    private var last: (name: Name, number: Int)?

    mutating func number(of name: Name) -> (number: Int, isNew: Bool) {
        // Entries of one origin, stream or kind often follow one another.
        if let last, last.name == name { return (last.number, false) }
        if let known = numbers[name] {
            last = (name, known)
            return (known, false)
        }
        let number = numbers.count
        numbers[name] = number
        last = (name, number)
        return (number, true)
    }
}
