internal import AuraEffects
internal import AuraRuntime
internal import Measuring

/// Appends to the journal on SQLite, against a loop in C that inserts the same entries into the same tables.
///
/// A sample lasts from the open and empty journal to the closed file, so that a side that puts work off pays for it too.
final class JournalAppends: Comparison {
    struct Shape {
        var synchronous: JournalOnSQLite.Synchronous
        /// How many tasks append at once; the loop in C is always one.
        var tasks: Int
        var entriesPerAppend: Int
        var entries: Int
    }

    let name: String
    let unit = "entries/s"
    let isHigherBetter = true
    let target: Target

    private let shape: Shape
    private let workload: Workload
    private let folder: String
    private var cacheBytes = 0

    init(_ name: String, target: Target, folder: String, shape: Shape) {
        self.name = name
        self.target = target
        self.folder = folder
        self.shape = shape
        workload = Workload(count: shape.entries)
    }

    // How long a sync takes changes from second to second: short samples, and more of them.
    func rounds(asked: Int) -> Int { shape.synchronous == .full ? 3 * asked : asked }

    private var path: String { "\(folder)/journal.sqlite" }
    private var model: String { "\(folder)/model.sqlite" }

    func prepare() async throws {
        removeDatabase(model)
        cacheBytes = try await JournalOnSQLite.open(model) { _, budget in budget.journalCache.bytes }
    }

    func measureOurs() async throws -> Double {
        removeDatabase(path)
        let clock = ContinuousClock()
        var start = clock.now
        try await JournalOnSQLite.open(path, synchronous: shape.synchronous) { journal, _ in
            start = clock.now
            try await append(to: journal)
        }
        return rate(start.duration(to: clock.now))
    }

    func measureBaseline() async throws -> Double? {
        removeDatabase(path)
        let clock = ContinuousClock()
        var journal: JournalInC? = try JournalInC(
            path,
            model: model,
            synchronous: shape.synchronous,
            cacheBytes: cacheBytes
        )
        let start = clock.now
        try journal?.append(workload, entriesPerTransaction: shape.entriesPerAppend)
        journal = nil
        return rate(start.duration(to: clock.now))
    }

    func finish() async throws {
        removeDatabase(path)
        removeDatabase(model)
    }

    /// Every task takes its share of the appends, and the streams take turns.
    private func append(to journal: any JournalEffects) async throws {
        let (workload, shape) = (workload, shape)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<shape.tasks {
                group.addTask {
                    let appends = workload.count / shape.entriesPerAppend
                    for index in stride(from: task, to: appends, by: shape.tasks) {
                        let first = index * shape.entriesPerAppend
                        let drafts = Array(workload.drafts[first..<first + shape.entriesPerAppend])
                        try await journal.append(drafts, to: Workload.streams[index % Workload.streamCount])
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func rate(_ elapsed: Duration) -> Double {
        Double(workload.count) / (elapsed / .seconds(1))
    }
}
