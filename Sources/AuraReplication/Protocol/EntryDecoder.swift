internal import AuraEffects

/// Reads the batch that ``EntryEncoder`` wrote.
struct EntryDecoder {
    private(set) var reader: MessageReader
    private var origins: [OriginID] = []
    private var streams: [StreamName] = []
    private var kinds: [EntryKind] = []

    /// Goes on after the version and the kind of the message.
    init(_ reader: MessageReader) {
        self.reader = reader
    }

    mutating func batch() throws(MessageFault) -> EntryBatch {
        var batch = EntryBatch()
        batch.forkedOrigins = try reader.origins()
        while true {
            let byte = try reader.byte()
            guard let tag = EntryEncoder.Tag(rawValue: byte) else {
                throw MessageFault("has an entry of the unknown form \(byte)")
            }
            if tag == .end { break }
            let (entry, deferredByteCount) = try entry(tag)
            if let deferredByteCount {
                guard batch.entries.isEmpty else { throw MessageFault("defers a payload that is not the first") }
                batch.deferredByteCount = deferredByteCount
            }
            batch.entries.append(entry)
        }
        batch.hasMore = try reader.flag()
        return batch
    }

    private mutating func entry(
        _ tag: EntryEncoder.Tag
    ) throws(MessageFault) -> (entry: JournalEntry, deferredByteCount: Int?) {
        let origin = try origin()
        let stream = try stream()
        let kind = try kind()
        let sequence = try reader.sequence()
        let id = EntryID(rawValue: try reader.identifier())
        let timestamp = HybridTimestamp(rawValue: try reader.fixed())
        let hash = try reader.digest()
        let body: JournalEntry.Body
        if tag == .payload {
            let count = try reader.count(ofAtLeast: 1)
            body = .payload(Array(try reader.raw(count)))
        } else {
            body = .compacted(try reader.digest())
        }
        let deferredByteCount = tag == .deferred ? try reader.size() : nil
        let entry = JournalEntry(
            stream: stream,
            revision: .first,
            position: .start,
            origin: origin,
            sequence: sequence,
            id: id,
            timestamp: timestamp,
            kind: kind,
            body: body,
            hash: hash
        )
        return (entry, deferredByteCount)
    }

    private mutating func origin() throws(MessageFault) -> OriginID {
        let number = try number(below: origins.count)
        if number == origins.count { origins.append(try reader.origin()) }
        return origins[number]
    }

    private mutating func stream() throws(MessageFault) -> StreamName {
        let number = try number(below: streams.count)
        if number == streams.count { streams.append(StreamName(try reader.text())) }
        return streams[number]
    }

    private mutating func kind() throws(MessageFault) -> EntryKind {
        let number = try number(below: kinds.count)
        if number == kinds.count { kinds.append(EntryKind(try reader.text())) }
        return kinds[number]
    }

    /// The number of a name that was read before, or of the next one.
    private mutating func number(below count: Int) throws(MessageFault) -> Int {
        let number = try reader.size()
        guard number <= count else { throw MessageFault("names a text that it did not give") }
        return number
    }
}
