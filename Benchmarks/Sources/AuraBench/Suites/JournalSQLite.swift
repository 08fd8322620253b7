internal import Measuring

extension Suite {
    static let journalSQLite = Suite(
        name: "journal-sqlite",
        summary: "the journal on SQLite against the same tables driven from C"
    ) { scale in
        [
            JournalAppends(
                "append-batch-1000",
                target: .ratio(atLeast: 0.6),
                folder: scale.folder,
                shape: .init(synchronous: .normal, tasks: 1, entriesPerAppend: 1000, entries: scale.count(200_000))
            ),
            JournalAppends(
                "append-durable-64",
                target: .ratio(atLeast: 10),
                folder: scale.folder,
                shape: .init(synchronous: .full, tasks: 64, entriesPerAppend: 1, entries: scale.count(6400))
            ),
            JournalAppends(
                "append-one",
                target: .ratio(atLeast: 0.8),
                folder: scale.folder,
                shape: .init(synchronous: .full, tasks: 1, entriesPerAppend: 1, entries: scale.count(6400))
            ),
            JournalReadAll(folder: scale.folder, entries: scale.count(500_000)),
            EmbeddedPeakMemory(folder: scale.folder, entries: scale.count(1_000_000)),
        ]
    }
}
