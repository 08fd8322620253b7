internal import AuraEffects

extension Defect where Handler == any JournalEffects {
    static var ids: [JournalDefect] {
        [
            JournalDefect(
                "an exact expectation is looked at before the ids",
                breaks: "an append repeated by its ids changes nothing and returns the first receipt"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    for append in appends where !append.drafts.isEmpty {
                        guard case .exactly(let revision) = append.expecting else { continue }
                        let last = try await base.read(append.stream, from: nil, limit: 1, backwards: true).first
                        if let last, last.revision < revision { throw base.expectationFailed }
                    }
                    return try await base.append(appends)
                }
            },
            JournalDefect(
                "the receipts of a repeated append come in the order of the streams' names",
                breaks: "an append to several streams repeated by its ids returns the first receipts"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    let end = try await base.end
                    let receipts = try await base.append(appends)
                    let isRepeated = receipts.contains { $0.lastPosition.map { $0 <= end } ?? false }
                    return isRepeated ? receipts.sorted { $0.stream < $1.stream } : receipts
                }
            },
            JournalDefect(
                "an append that finds its id waiting is given the place after it",
                breaks: "concurrent appends of the same draft append it once"
            ) { journal, _ in
                let waiting = Mutexed<Set<EntryID>>([])
                journal.append = { base, appends throws(EffectError) in
                    guard appends.count == 1, appends[0].drafts.count == 1 else {
                        return try await base.append(appends)
                    }
                    let id = appends[0].drafts[0].id
                    let isFirst = waiting.withLock { $0.insert(id).inserted }
                    if isFirst { await linger() }
                    var receipts: [AppendReceipt]
                    do throws(EffectError) {
                        receipts = try await base.append(appends)
                    } catch {
                        waiting.withLock { _ = $0.remove(id) }
                        throw error
                    }
                    if isFirst {
                        waiting.withLock { _ = $0.remove(id) }
                    } else {
                        receipts[0].items[0].revision = receipts[0].items[0].revision.next
                    }
                    return receipts
                }
            },
            JournalDefect(
                "the kind is not compared under a known id",
                breaks: "a known id with other content is a conflict"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    try await base.append(
                        base.adapting(appends) { draft, entry in
                            if draft.payload == entry.payload { draft.kind = entry.kind }
                        }
                    )
                }
            },
            JournalDefect(
                "each stream of an append is judged on its own, and known ones are skipped",
                breaks: "an append of which only some ids are known is a conflict"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    do throws(EffectError) {
                        return try await base.append(appends)
                    } catch {
                        guard error.code == .conflict, appends.count > 1 else { throw error }
                        var receipts: [AppendReceipt] = []
                        for append in appends { receipts += try await base.append([append]) }
                        return receipts
                    }
                }
            },
            JournalDefect(
                "an id of several streams leads to the entry of the first",
                breaks: "the same id in another stream is another entry"
            ) { journal, _ in
                journal.entry = { base, name throws(EffectError) in
                    guard let found = try await base.entry(name.stream, id: name.id) else { return nil }
                    let all = try await base.readAll(after: .start, limit: .max)
                    return all.first { $0.id == name.id && $0.payload != nil } ?? found
                }
            },
            JournalDefect(
                "a stream that occurs twice is taken for one",
                breaks: "an id or a stream that occurs twice in an append is refused"
            ) { journal, _ in
                journal.append = { base, appends throws(EffectError) in
                    var joined: [StreamAppend] = []
                    for append in appends {
                        if let index = joined.firstIndex(where: { $0.stream == append.stream }) {
                            joined[index].drafts += append.drafts
                        } else {
                            joined.append(append)
                        }
                    }
                    return try await base.append(joined)
                }
            },
            JournalDefect(
                "an id is found in any stream",
                breaks: "an entry is found by its stream and id"
            ) { journal, _ in
                journal.entry = { base, name throws(EffectError) in
                    if let found = try await base.entry(name.stream, id: name.id) { return found }
                    return try await base.readAll(after: .start, limit: .max).first { $0.id == name.id }
                }
            },
        ]
    }
}

extension SoundJournal {
    /// The last entry's position.
    var end: Position {
        get async throws(EffectError) {
            var end = Position.start
            while let last = try await readAll(after: end, limit: .max).last { end = last.position }
            return end
        }
    }

    /// Changes the drafts whose id its stream holds, unless that entry is compacted.
    func adapting(
        _ appends: [StreamAppend],
        _ change: (inout JournalEntry.Draft, JournalEntry) -> Void
    ) async throws(EffectError) -> [StreamAppend] {
        var appends = appends
        for index in appends.indices where !appends[index].stream.text.isEmpty {
            for draft in appends[index].drafts.indices {
                let known = try? await entry(appends[index].stream, id: appends[index].drafts[draft].id)
                if let known { change(&appends[index].drafts[draft], known) }
            }
        }
        return appends
    }
}
