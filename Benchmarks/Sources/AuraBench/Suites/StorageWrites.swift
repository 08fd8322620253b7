internal import AuraEffects
internal import AuraRuntime

/// Writes to the storage on SQLite, each durable before it returns, against a loop in C that writes the same values into
/// the same tables, a transaction each.
///
/// A sample lasts from the open and empty storage to the closed file, so that a side that puts work off pays for it too.
final class StorageWrites: Comparison {
    let name: String
    let unit = "values/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 0.6)

    private let tasks: Int
    private let workload: StorageWorkload
    private let folder: String
    private var cacheBytes = 0

    init(_ name: String, tasks: Int, values: Int, folder: String) {
        self.name = name
        self.tasks = tasks
        self.folder = folder
        workload = StorageWorkload(count: values, valueSize: 4096)
    }

    // How long a sync takes changes from second to second: short samples, and more of them.
    func rounds(asked: Int) -> Int { 3 * asked }

    private var path: String { "\(folder)/storage.sqlite" }
    private var model: String { "\(folder)/storage-model.sqlite" }

    func prepare() async throws {
        removeDatabase(model)
        cacheBytes = try await StorageOnSQLite.open(model) { _, budget in budget.journalCache.bytes }
    }

    func measureOurs() async throws -> Double {
        removeDatabase(path)
        let clock = ContinuousClock()
        var start = clock.now
        try await StorageOnSQLite.open(path) { storage, _ in
            start = clock.now
            try await workload.write(to: storage, tasks: tasks)
        }
        return rate(start.duration(to: clock.now))
    }

    func measureBaseline() async throws -> Double? {
        removeDatabase(path)
        let clock = ContinuousClock()
        var storage: StorageInC? = try StorageInC(path, model: model, cacheBytes: cacheBytes)
        let start = clock.now
        try storage?.write(workload)
        storage = nil
        return rate(start.duration(to: clock.now))
    }

    func finish() async throws {
        removeDatabase(path)
        removeDatabase(model)
    }

    private func rate(_ elapsed: Duration) -> Double {
        Double(workload.count) / (elapsed / .seconds(1))
    }
}
