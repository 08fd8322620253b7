internal import AuraEffects
internal import AuraSystem

extension Defect where Handler == any JournalEffects {
    static var durability: [JournalDefect] {
        [
            JournalDefect(
                "a reopened journal does not know where its streams end",
                breaks: "a reopened journal holds what it held and goes on where it was"
            ) { journal, opening in
                guard case .reopened = opening else { return }
                journal.append = { base, appends throws(EffectError) in
                    for append in appends {
                        if case .exactly = append.expecting { throw base.expectationFailed }
                    }
                    return try await base.append(appends)
                }
            },
            JournalDefect(
                "a reopened journal knows its ids and not what was appended under them",
                breaks: "an append repeated after a reopening returns the first receipt"
            ) { journal, opening in
                guard case .reopened = opening else { return }
                journal.append = { base, appends throws(EffectError) in
                    try await base.append(
                        base.adapting(appends) { draft, entry in
                            draft.kind = entry.kind
                            draft.payload = entry.payload ?? draft.payload
                        }
                    )
                }
            },
            JournalDefect(
                "snapshots are kept in memory alone",
                breaks: "snapshots are kept over a reopening"
            ) { journal, opening in
                guard case .reopened = opening else { return }
                journal.latestSnapshot = { _, _ throws(EffectError) in nil }
            },
            JournalDefect(
                "an append of several entries to one stream is not synced",
                breaks: "a crash loses nothing that has a receipt"
            ) { journal, opening in
                guard case .afterCrash = opening else { return }
                journal.lose { $0.count == 1 && $0[0].items.count > 1 ? $0.flatMap(\.items) : [] }
            },
            JournalDefect(
                "of an append to two streams a crash leaves one",
                breaks: "a crash amid appends leaves whole appends, and each that has a receipt"
            ) { journal, opening in
                guard case .afterCrash = opening else { return }
                journal.lose { $0.count == 2 ? $0[1].items : [] }
            },
            JournalDefect(
                "the id of an append that a crash interrupted is not known",
                breaks: "appends that a crash interrupted are repeated by their ids, and each is there once"
            ) { journal, opening in
                guard case .afterCrash = opening else { return }
                let doubles = Mutexed<[EntryID: EntryID]>([:])
                let acknowledged = journal.sound.disk.record.current.acknowledged
                journal.append = { base, appends throws(EffectError) in
                    var appends = appends
                    for index in appends.indices {
                        for draft in appends[index].drafts.indices {
                            let id = appends[index].drafts[draft].id
                            let isStored = try await base.entry(appends[index].stream, id: id) != nil
                            guard isStored, !acknowledged.contains(id) else { continue }
                            let double = EntryID(time: SystemTimeHandler(), random: SystemRandomHandler())
                            doubles.withLock { $0[double] = id }
                            appends[index].drafts[draft].id = double
                        }
                    }
                    return try await base.append(appends)
                }
                journal.shown = { entry in
                    var entry = entry
                    entry.id = doubles.withLock { $0[entry.id] } ?? entry.id
                    return entry
                }
            },
        ]
    }
}

extension BrokenJournal {
    /// Hides what a crash has lost of the last append.
    fileprivate mutating func lose(_ lost: ([AppendReceipt]) -> [AppendReceipt.Item]) {
        let positions = Set(lost(sound.disk.record.current.lastAppend).map(\.position))
        readAll = { base, page throws(EffectError) in
            try await base.readAll(after: page.position, limit: page.limit).filter { !positions.contains($0.position) }
        }
    }
}
