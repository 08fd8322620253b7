internal import AuraEffects
internal import AuraRuntime

extension MemoryJournalState {
    /// Appends to several streams, all or nothing, after the arguments were checked.
    mutating func append(
        _ appends: [StreamAppend],
        payloadDigests: [[SHA256Digest]],
        now: WallTime
    ) throws(EffectError) -> [AppendReceipt] {
        // Ids come before expectations: a repeated append is answered although its expectation no longer holds.
        if let receipts = try firstReceipts(of: appends, payloadDigests) { return receipts }
        for append in appends where !append.drafts.isEmpty { try checkExpectation(of: append) }
        return zip(appends, payloadDigests)
            .map { append, digests in
                let items = zip(append.drafts, digests)
                    .map { draft, digest in
                        add(chain(draft, to: append.stream, payloadDigest: digest, now: now))
                    }
                return AppendReceipt(stream: append.stream, items: items)
            }
    }

    /// The receipts of an append whose ids are all known; `nil` where none is.
    private func firstReceipts(
        of appends: [StreamAppend],
        _ payloadDigests: [[SHA256Digest]]
    ) throws(EffectError) -> [AppendReceipt]? {
        var receipts: [AppendReceipt] = []
        var newID: EntryID?
        var knownID: EntryID?
        for (append, digests) in zip(appends, payloadDigests) {
            var items: [AppendReceipt.Item] = []
            for (draft, digest) in zip(append.drafts, digests) {
                guard let entry = ownEntry(draft.id, in: append.stream) else {
                    newID = draft.id
                    continue
                }
                guard entry.kind == draft.kind, entry.payloadDigest == digest else {
                    throw AppendRefusals(errors).otherContent(draft.id, in: append.stream)
                }
                knownID = draft.id
                items.append(AppendReceipt.Item(id: entry.id, revision: entry.revision, position: entry.position))
            }
            receipts.append(AppendReceipt(stream: append.stream, items: items))
        }
        guard let knownID else { return nil }
        guard let newID else { return receipts }
        throw AppendRefusals(errors).partlyKnown(knownID, but: newID)
    }

    private func ownEntry(_ id: EntryID, in name: StreamName) -> JournalEntry? {
        guard
            let stream = streams[name],
            let revision = stream.revisions[Stream.Name(origin: origin, id: id)]
        else { return nil }
        return entries[stream.indices[revision]]
    }

    private func checkExpectation(of append: StreamAppend) throws(EffectError) {
        let count = streams[append.stream]?.indices.count ?? 0
        try AppendRefusals(errors).checkExpectation(of: append, count: UInt64(count))
    }

    private mutating func chain(
        _ draft: JournalEntry.Draft,
        to stream: StreamName,
        payloadDigest: SHA256Digest,
        now: WallTime
    ) -> JournalEntry {
        let previous = head(of: origin) ?? JournalFrontier.Head(sequence: 0, hash: .zero)
        let header = JournalEntry.Header(
            origin: origin,
            sequence: previous.sequence + 1,
            timestamp: clock.tick(now),
            id: draft.id,
            stream: stream,
            kind: draft.kind
        )
        return JournalEntry(
            stream: stream,
            revision: .first,
            position: .start,
            origin: origin,
            sequence: header.sequence,
            id: draft.id,
            timestamp: header.timestamp,
            kind: draft.kind,
            body: .payload(draft.payload),
            hash: header.hash(previous: previous.hash, payload: payloadDigest)
        )
    }
}
