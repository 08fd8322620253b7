internal import AuraEffects

/// Makes a valid chain of entries as another journal would have written them.
struct ForeignOrigin {
    let origin: OriginID
    private(set) var head = JournalFrontier.Head(sequence: 0, hash: .zero)

    init(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        origin = OriginID(rawValue: UInt128(generator.next()) << 64 | UInt128(generator.next()))
    }

    /// Goes on after an entry that another journal has written, as a fork of its origin would.
    init(forking origin: OriginID, after head: JournalFrontier.Head) {
        self.origin = origin
        self.head = head
    }

    /// The next entry, as a journal of a harness's kind would have written it.
    mutating func entry(
        _ draft: JournalEntry.Draft,
        in stream: StreamName = "notes",
        timestamp: HybridTimestamp? = nil,
        for harness: any ConformanceHarness<any JournalEffects>
    ) async throws -> JournalEntry {
        let sealing = harness as? any SealingJournalHarness
        return entry(try await sealing?.sealed(draft, in: stream) ?? draft, in: stream, timestamp: timestamp)
    }

    private mutating func entry(
        _ draft: JournalEntry.Draft,
        in stream: StreamName,
        timestamp: HybridTimestamp?
    ) -> JournalEntry {
        let sequence = head.sequence + 1
        let header = JournalEntry.Header(
            origin: origin,
            sequence: sequence,
            timestamp: timestamp ?? HybridTimestamp(milliseconds: 1_700_000_000_000 + sequence, counter: 0),
            id: draft.id,
            stream: stream,
            kind: draft.kind
        )
        let hash = header.hash(previous: head.hash, payload: SHA256.hash(draft.payload))
        head = JournalFrontier.Head(sequence: sequence, hash: hash)
        return JournalEntry(
            stream: stream,
            revision: .first,
            position: Position(rawValue: sequence),
            origin: origin,
            sequence: sequence,
            id: draft.id,
            timestamp: header.timestamp,
            kind: draft.kind,
            body: .payload(draft.payload),
            hash: hash
        )
    }

    mutating func entries(
        _ drafts: [JournalEntry.Draft],
        in stream: StreamName = "notes",
        for harness: any ConformanceHarness<any JournalEffects>
    ) async throws -> [JournalEntry] {
        var entries: [JournalEntry] = []
        for draft in drafts { entries.append(try await entry(draft, in: stream, for: harness)) }
        return entries
    }
}
