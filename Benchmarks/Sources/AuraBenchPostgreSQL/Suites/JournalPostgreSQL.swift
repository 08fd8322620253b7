internal import Measuring

extension Suite {
    static let journalPostgreSQL = Suite(
        name: "journal-postgresql",
        summary: "the journal on PostgreSQL against pgbench, COPY and libpq on the same server"
    ) { scale in
        [
            Appends(
                "append-durable-256",
                target: .ratio(atLeast: 4),
                folder: scale.folder,
                tasks: 256,
                entriesPerAppend: 1,
                entries: scale.count(76_800),
                against: .inserts(clients: 64)
            ),
            Appends(
                "append-batch-1000",
                target: .ratio(atLeast: 0.5),
                folder: scale.folder,
                tasks: 1,
                entriesPerAppend: 1000,
                entries: scale.count(200_000),
                against: .copy
            ),
            Appends(
                "append-one",
                target: .ratio(atLeast: 0.8),
                folder: scale.folder,
                tasks: 1,
                entriesPerAppend: 1,
                entries: scale.count(6400),
                against: .inserts(clients: 1)
            ),
            ReadAll(folder: scale.folder, entries: scale.count(500_000)),
            TwoProcesses(folder: scale.folder, entries: scale.count(76_800)),
        ]
    }
}
