#if SQLite
internal import AuraEffects
internal import AuraRuntime

/// Judges an append and writes it, inside a write transaction.
///
/// Everything that can refuse an append is looked at before its first row is written, so that one that is refused
/// leaves nothing behind and the others of its group go on.
struct JournalAppending {
    let state: JournalWriterState
    let place: SQLitePlace
    let now: WallTime
    let refusals: AppendRefusals

    func append(_ prepared: PreparedAppend) throws(EffectError) -> [AppendReceipt] {
        let head = try place.mapping { () throws(SQLiteFailure) in try state.head() }
        if let receipts = try knownReceipts(prepared, head: head) { return receipts }
        for append in prepared.appends { try checkExpectation(append, head: head) }
        return try place.mapping { () throws(SQLiteFailure) in try insert(prepared, head: head) }
    }

    // MARK: Judging

    /// The first receipts of an append that was made before; `nil` where none of its ids is known.
    private func knownReceipts(
        _ prepared: PreparedAppend,
        head: JournalWriterState.Head
    ) throws(EffectError) -> [AppendReceipt]? {
        var knownID: EntryID?
        var newID: EntryID?
        var receipts: [AppendReceipt] = []
        var draftIndex = 0
        for append in prepared.appends {
            let stream = try place.mapping { () throws(SQLiteFailure) in
                try state.stream(append.stream, head: head)
            }
            var items: [AppendReceipt.Item] = []
            for draft in append.drafts {
                defer { draftIndex += 1 }
                guard let stream, let highestID = stream.highestID, draft.id <= highestID else {
                    newID = draft.id
                    continue
                }
                let entry = try state.entry(
                    stream: stream.number,
                    origin: head.originNumber,
                    id: draft.id,
                    at: place
                )
                guard let entry else {
                    newID = draft.id
                    continue
                }
                guard entry.kind == draft.kind, entry.payloadDigest == prepared.digests[draftIndex] else {
                    throw refusals.otherContent(draft.id, in: append.stream)
                }
                knownID = draft.id
                items.append(.init(id: draft.id, revision: entry.revision, position: entry.position))
            }
            receipts.append(AppendReceipt(stream: append.stream, items: items))
        }
        guard let knownID else { return nil }
        guard let newID else { return receipts }
        throw refusals.partlyKnown(knownID, but: newID)
    }

    private func checkExpectation(
        _ append: StreamAppend,
        head: JournalWriterState.Head
    ) throws(EffectError) {
        if append.expecting == .any || append.drafts.isEmpty { return }
        let stream = try place.mapping { () throws(SQLiteFailure) in
            try state.stream(append.stream, head: head)
        }
        try refusals.checkExpectation(of: append, count: stream?.nextRevision ?? 0)
    }

    // MARK: Writing

    private func insert(
        _ prepared: PreparedAppend,
        head oldHead: JournalWriterState.Head
    ) throws(SQLiteFailure) -> [AppendReceipt] {
        var head = oldHead
        var receipts: [AppendReceipt] = []
        var draftIndex = 0
        for append in prepared.appends {
            var items: [AppendReceipt.Item] = []
            items.reserveCapacity(append.drafts.count)
            if !append.drafts.isEmpty {
                var stream = try state.stream(adding: append.stream, head: head)
                for draft in append.drafts {
                    let row = try row(
                        draft,
                        digest: prepared.digests[draftIndex],
                        stream: append.stream,
                        known: &stream,
                        head: &head
                    )
                    try state.rows.insert(row, payload: draft.payload)
                    draftIndex += 1
                    items.append(
                        .init(
                            id: draft.id,
                            revision: Revision(rawValue: row.revision),
                            position: Position(rawValue: row.position)
                        )
                    )
                }
                state.setStream(stream, append.stream)
            }
            receipts.append(AppendReceipt(stream: append.stream, items: items))
        }
        state.setHead(head)
        return receipts
    }

    /// The row of a draft; moves the head and the stream on.
    private func row(
        _ draft: JournalEntry.Draft,
        digest: SHA256Digest,
        stream name: StreamName,
        known stream: inout JournalWriterState.Stream,
        head: inout JournalWriterState.Head
    ) throws(SQLiteFailure) -> JournalRows.Row {
        head.sequence += 1
        head.position += 1
        let header = JournalEntry.Header(
            origin: head.origin,
            sequence: head.sequence,
            timestamp: head.clock.tick(now),
            id: draft.id,
            stream: name,
            kind: draft.kind
        )
        head.hash = header.hash(previous: head.hash, payload: digest)
        let row = JournalRows.Row(
            position: head.position,
            stream: stream.number,
            revision: stream.nextRevision,
            origin: head.originNumber,
            sequence: head.sequence,
            id: draft.id,
            timestamp: header.timestamp,
            kind: try state.names.kindNumber(adding: draft.kind),
            isCompacted: false,
            hash: head.hash
        )
        stream.nextRevision += 1
        stream.highestID = max(stream.highestID ?? draft.id, draft.id)
        head.highestID = max(head.highestID ?? draft.id, draft.id)
        return row
    }
}
#endif
