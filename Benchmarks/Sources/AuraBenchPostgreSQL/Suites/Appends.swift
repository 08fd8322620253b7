internal import AuraEffects
internal import CBaselinePostgreSQL
internal import Measuring

/// Appends to the journal on PostgreSQL, against pgbench or COPY into a table with the same columns and indexes.
///
/// A sample of ours lasts from the open and empty journal to the last receipt.
final class Appends: Comparison {
    enum Baseline {
        /// Single prepared inserts by so many clients at once.
        case inserts(clients: Int)
        /// COPY in transactions as large as our appends.
        case copy
    }

    let name: String
    let unit = "entries/s"
    let isHigherBetter = true
    let target: Target

    private let folder: String
    private let tasks: Int
    private let entriesPerAppend: Int
    private let workload: Workload
    private let baseline: Baseline

    init(
        _ name: String,
        target: Target,
        folder: String,
        tasks: Int,
        entriesPerAppend: Int,
        entries: Int,
        against baseline: Baseline
    ) {
        self.name = name
        self.target = target
        self.folder = folder
        self.tasks = tasks
        self.entriesPerAppend = entriesPerAppend
        self.baseline = baseline
        workload = Workload(count: entries)
    }

    func measureOurs() async throws -> Double {
        let server = try Server.shared(in: folder)
        try server.dropTables()
        let clock = ContinuousClock()
        return try await JournalOnPostgreSQL.open(server.url) { journal in
            let start = clock.now
            try await journal.append(workload, tasks: tasks, entriesPerAppend: entriesPerAppend)
            return Double(workload.count) / (start.duration(to: clock.now) / .seconds(1))
        }
    }

    func measureBaseline() async throws -> Double? {
        let server = try Server.shared(in: folder)
        try server.dropTables()
        try await JournalOnPostgreSQL.open(server.url) { _ in }
        try server.makeBaselineTable()
        switch baseline {
        case .inserts(let clients):
            return try PgBench(server: server, clients: clients).rowsPerSecond(workload.count)
        case .copy:
            var seconds = 0.0
            try Server.withMessage { message, size in
                baseline_postgresql_copy(
                    server.url,
                    workload.ids,
                    workload.payloads,
                    Workload.payloadSize,
                    workload.count,
                    entriesPerAppend,
                    Int32(Workload.streamCount),
                    &seconds,
                    message,
                    size
                ) ? true : nil
            }
            return Double(workload.count) / seconds
        }
    }
}
