internal import AuraEffects
internal import AuraMemory

extension Defect where Handler == any JournalEffects {
    static var undeclared: [JournalDefect] {
        [
            JournalDefect(
                "a journal that declares no snapshots answers that there is none",
                breaks: "snapshots that are not declared are refused as unsupported",
                declaring: .everything(but: .snapshots)
            ) { journal, _ in
                journal.latestSnapshot = { _, _ throws(EffectError) in nil }
            },
            JournalDefect(
                "a journal that declares no compaction does nothing when it is asked for one",
                breaks: "compaction that is not declared is refused as unsupported",
                declaring: .everything(but: .compaction)
            ) { journal, _ in
                journal.compact = { _, _ throws(EffectError) in }
            },
            JournalDefect(
                "a journal that declares no replication sends its entries nevertheless",
                breaks: "replication that is not declared is refused as unsupported",
                declaring: .everything(but: .replication)
            ) { journal, _ in
                journal.entries = { base, page throws(EffectError) in
                    try await base.disk.journal.entries(beyond: page.frontier, limit: page.limit)
                }
            },
        ]
    }
}
