internal import AuraEffects
internal import AuraRuntime

/// What a group of appends comes to: judged one after the other against what is known.
struct AppendJudgement {
    typealias Answer = Result<[AppendReceipt], EffectError>

    /// The last commit that was known.
    var head: UInt64
    /// The position of what would be committed first.
    var first: Position
    /// What is to be committed for the appends that go through.
    var entries: [Commit.Entry] = []
    /// What each append's caller gets, given that the commit comes right after ``head``.
    var answers: [Answer] = []

    /// Whether a newer commit might change an answer though nothing is to be committed.
    var hasRefusals: Bool {
        answers.contains { if case .failure = $0 { true } else { false } }
    }
}

extension JournalIndex {
    /// Judges appends in their order, each on its own: one that is refused fails alone.
    func judge(_ appends: [PreparedAppend], now: WallTime) -> AppendJudgement {
        var judging = AppendJudging(index: self)
        var judgement = AppendJudgement(head: head, first: nextPosition)
        for append in appends {
            do throws(EffectError) {
                judgement.answers.append(.success(try judging.judge(append, now: now)))
            } catch {
                judgement.answers.append(.failure(error))
            }
        }
        judgement.entries = judging.added
        return judgement
    }
}

/// The index, and what the appends judged so far add to it.
private struct AppendJudging {
    private struct Name: Hashable {
        var stream: StreamName
        var id: EntryID
    }

    let index: JournalIndex
    private(set) var added: [Commit.Entry] = []
    /// Where the added entries stand in ``added``, and in their streams.
    private var names: [Name: (place: Int, revision: UInt64)] = [:]
    private var counts: [StreamName: UInt64] = [:]
    private var clock: HybridLogicalClock
    private var head: JournalFrontier.Head
    private let refusals: AppendRefusals

    init(index: JournalIndex) {
        self.index = index
        clock = index.clock
        head = index.head(of: index.origin) ?? JournalFrontier.Head(sequence: 0, hash: .zero)
        refusals = AppendRefusals(index.errors)
    }

    mutating func judge(_ append: PreparedAppend, now: WallTime) throws(EffectError) -> [AppendReceipt] {
        // Ids come before expectations: a repeated append is answered although its expectation no longer holds.
        if let receipts = try firstReceipts(of: append) { return receipts }
        for part in append.appends where !part.drafts.isEmpty {
            try refusals.checkExpectation(of: part, count: count(of: part.stream))
        }
        var digests = append.digests[...]
        var receipts: [AppendReceipt] = []
        for part in append.appends {
            var items: [AppendReceipt.Item] = []
            for draft in part.drafts { items.append(add(draft, to: part.stream, digests.removeFirst(), now)) }
            receipts.append(AppendReceipt(stream: part.stream, items: items))
        }
        return receipts
    }

    private func count(of stream: StreamName) -> UInt64 {
        counts[stream] ?? UInt64(index.streams[stream]?.indices.count ?? 0)
    }

    /// The receipts of an append whose ids are all known; `nil` where none is.
    private func firstReceipts(of append: PreparedAppend) throws(EffectError) -> [AppendReceipt]? {
        var digests = append.digests[...]
        var receipts: [AppendReceipt] = []
        var newID: EntryID?
        var knownID: EntryID?
        for part in append.appends {
            var items: [AppendReceipt.Item] = []
            for draft in part.drafts {
                let digest = digests.removeFirst()
                guard let known = known(draft.id, in: part.stream) else {
                    newID = draft.id
                    continue
                }
                guard known.kind == draft.kind, known.digest == digest else {
                    throw refusals.otherContent(draft.id, in: part.stream)
                }
                knownID = draft.id
                items.append(known.item)
            }
            receipts.append(AppendReceipt(stream: part.stream, items: items))
        }
        guard let knownID else { return nil }
        guard let newID else { return receipts }
        throw refusals.partlyKnown(knownID, but: newID)
    }

    private func known(
        _ id: EntryID,
        in stream: StreamName
    ) -> (kind: EntryKind, digest: SHA256Digest, item: AppendReceipt.Item)? {
        if let (place, revision) = names[Name(stream: stream, id: id)] {
            return (added[place].entry.kind, added[place].digest, item(id, revision, place))
        }
        guard let found = index.entry(id, of: index.origin, in: stream) else { return nil }
        let entry = found.entry
        return (
            entry.kind, found.digest,
            AppendReceipt.Item(id: id, revision: entry.revision, position: entry.position)
        )
    }

    private func item(_ id: EntryID, _ revision: UInt64, _ place: Int) -> AppendReceipt.Item {
        AppendReceipt.Item(
            id: id,
            revision: Revision(rawValue: revision),
            position: Position(rawValue: UInt64(index.entries.count + place) + 1)
        )
    }

    private mutating func add(
        _ draft: JournalEntry.Draft,
        to stream: StreamName,
        _ digest: SHA256Digest,
        _ now: WallTime
    ) -> AppendReceipt.Item {
        let header = JournalEntry.Header(
            origin: index.origin,
            sequence: head.sequence + 1,
            timestamp: clock.tick(now),
            id: draft.id,
            stream: stream,
            kind: draft.kind
        )
        let revision = count(of: stream)
        let entry = JournalEntry(
            stream: stream,
            revision: Revision(rawValue: revision),
            position: .start,
            origin: header.origin,
            sequence: header.sequence,
            id: draft.id,
            timestamp: header.timestamp,
            kind: draft.kind,
            body: .payload(draft.payload),
            hash: header.hash(previous: head.hash, payload: digest)
        )
        head = JournalFrontier.Head(sequence: header.sequence, hash: entry.hash)
        let place = added.count
        counts[stream] = revision + 1
        names[Name(stream: stream, id: draft.id)] = (place, revision)
        added.append(Commit.Entry(entry: entry, digest: digest))
        return item(draft.id, revision, place)
    }
}
