#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// Appends that were judged one after the other, each on its own, and the rows that they add: what one statement commits.
struct AppendGroup {
    typealias Answer = WorkQueue<PreparedAppend>.Answer

    /// A row and what stands in its payload column.
    typealias Row = (entry: StoredEntry, payload: [UInt8])

    /// The head that the group was judged upon: it takes effect only where that is still the head.
    let before: JournalHead
    private(set) var after: JournalHead
    private(set) var rows: [Row] = []
    /// One for each append, given once the group is committed: also a refusal counts only upon that head.
    private(set) var answers: [Answer] = []
    private let now: WallTime
    private let refusals: AppendRefusals

    init(after head: JournalHead, now: WallTime, refusals: AppendRefusals) {
        before = head
        after = head
        self.now = now
        self.refusals = refusals
    }

    /// Judges an append whose streams and kinds are known.
    ///
    /// - Returns: Whether it joined the group; one that must know of an entry of this very group has to wait for the next.
    mutating func add(_ prepared: PreparedAppend, _ lookUp: AppendLookUp, _ state: JournalWriterState) -> Bool {
        do throws(EffectError) {
            switch try firstReceipts(prepared, lookUp, state) {
            case .known(let receipts): answers.append(.success(receipts))
            case .notLookedUp: return false
            case .new:
                for append in prepared.appends where !append.drafts.isEmpty {
                    let index = state.index(of: append.stream)
                    try refusals.checkExpectation(of: append, count: index.map { state[$0].nextRevision } ?? 0)
                }
                answers.append(.success(insert(prepared, state)))
            }
        } catch {
            answers.append(.failure(error))
        }
        return true
    }

    private enum Finding {
        case new
        case known([AppendReceipt])
        case notLookedUp
    }

    /// The first receipts of an append that was made before.
    private func firstReceipts(
        _ prepared: PreparedAppend,
        _ lookUp: AppendLookUp,
        _ state: JournalWriterState
    ) throws(EffectError) -> Finding {
        guard mayBeKnown(prepared, state) else { return .new }
        var knownID: EntryID?
        var newID: EntryID?
        var receipts: [AppendReceipt] = []
        var draftIndex = 0
        for append in prepared.appends {
            let index = state.index(of: append.stream)
            var items: [AppendReceipt.Item] = []
            for draft in append.drafts {
                defer { draftIndex += 1 }
                guard let index, state.mayHold(draft.id, inStreamAt: index) else {
                    newID = draft.id
                    continue
                }
                guard let found = lookUp.known[.init(stream: state[index].number, id: draft.id)] else {
                    return .notLookedUp
                }
                guard let entry = found else {
                    newID = draft.id
                    continue
                }
                guard entry.kind == state.number(of: draft.kind), entry.digest == prepared.digests[draftIndex] else {
                    throw refusals.otherContent(draft.id, in: append.stream)
                }
                knownID = draft.id
                items.append(.init(id: draft.id, revision: entry.revision, position: entry.position))
            }
            receipts.append(AppendReceipt(stream: append.stream, items: items))
        }
        guard let knownID else { return .new }
        guard let newID else { return .known(receipts) }
        throw refusals.partlyKnown(knownID, but: newID)
    }

    private func mayBeKnown(_ prepared: PreparedAppend, _ state: JournalWriterState) -> Bool {
        prepared.appends.contains { append in
            guard let index = state.index(of: append.stream) else { return false }
            return append.drafts.contains { state.mayHold($0.id, inStreamAt: index) }
        }
    }

    private mutating func insert(_ prepared: PreparedAppend, _ state: JournalWriterState) -> [AppendReceipt] {
        var receipts: [AppendReceipt] = []
        receipts.reserveCapacity(prepared.appends.count)
        var draftIndex = 0
        var kind: (name: EntryKind, number: Int)?
        for append in prepared.appends {
            var items: [AppendReceipt.Item] = []
            items.reserveCapacity(append.drafts.count)
            let index = append.drafts.isEmpty ? nil : state.index(of: append.stream)
            for draft in append.drafts {
                guard let index else { break }
                // Entries of one kind often follow one another.
                if kind?.name != draft.kind { kind = (draft.kind, state.number(of: draft.kind) ?? 0) }
                let row = row(
                    draft,
                    digest: prepared.digests[draftIndex],
                    stream: append.stream,
                    known: state[index],
                    kind: kind?.number ?? 0
                )
                draftIndex += 1
                state.add(draft.id, toStreamAt: index)
                rows.append((row, draft.payload))
                items.append(
                    .init(
                        id: draft.id,
                        revision: Revision(rawValue: row.revision),
                        position: Position(rawValue: row.position)
                    )
                )
            }
            receipts.append(AppendReceipt(stream: append.stream, items: items))
        }
        return receipts
    }

    /// The row of a draft; moves the head on.
    private mutating func row(
        _ draft: JournalEntry.Draft,
        digest: SHA256Digest,
        stream name: StreamName,
        known stream: JournalWriterState.Stream,
        kind: Int
    ) -> StoredEntry {
        after.sequence += 1
        after.position += 1
        let header = JournalEntry.Header(
            origin: after.origin,
            sequence: after.sequence,
            timestamp: after.clock.tick(now),
            id: draft.id,
            stream: name,
            kind: draft.kind
        )
        after.hash = header.hash(previous: after.hash, payload: digest)
        after.highestID = max(after.highestID ?? draft.id, draft.id)
        return StoredEntry(
            position: after.position,
            stream: stream.number,
            revision: stream.nextRevision,
            origin: after.originNumber,
            sequence: after.sequence,
            id: draft.id,
            timestamp: header.timestamp,
            kind: kind,
            isCompacted: false,
            hash: after.hash
        )
    }

    /// Ends the judging: the head that the next group is judged upon.
    mutating func seal() -> JournalHead {
        if !rows.isEmpty { after.version += 1 }
        return after
    }
}
#endif
