internal import AuraEffects

/// Writes the entries of an origin as another journal would have.
struct ForeignChain {
    let origin: OriginID
    private(set) var head: JournalFrontier.Head
    private var nextID: UInt128

    /// Begins a chain, or goes on after an entry of another one: then it forks.
    init(_ origin: UInt128, after other: ForeignChain? = nil) {
        self.origin = OriginID(rawValue: origin)
        head = other?.head ?? JournalFrontier.Head(sequence: 0, hash: .zero)
        nextID = (other?.nextID ?? 0) + 1_000_000
    }

    mutating func entries(_ count: Int, in stream: StreamName = "foreign", payloadBytes: Int = 16) -> [JournalEntry] {
        (0..<count).map { _ in entry(in: stream, payloadBytes: payloadBytes) }
    }

    private mutating func entry(in stream: StreamName, payloadBytes: Int) -> JournalEntry {
        nextID += 1
        let payload = [UInt8](repeating: UInt8(truncatingIfNeeded: nextID), count: payloadBytes)
        let header = JournalEntry.Header(
            origin: origin,
            sequence: head.sequence + 1,
            timestamp: HybridTimestamp(milliseconds: 1_700_000_000_000 + head.sequence, counter: 0),
            id: EntryID(rawValue: nextID),
            stream: stream,
            kind: "foreign/1"
        )
        let hash = header.hash(previous: head.hash, payload: SHA256.hash(payload))
        head = JournalFrontier.Head(sequence: header.sequence, hash: hash)
        return JournalEntry(
            stream: stream,
            revision: .first,
            position: .start,
            origin: origin,
            sequence: header.sequence,
            id: header.id,
            timestamp: header.timestamp,
            kind: header.kind,
            body: .payload(payload),
            hash: hash
        )
    }
}
