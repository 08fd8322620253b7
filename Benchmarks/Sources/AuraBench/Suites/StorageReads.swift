internal import AuraEffects
internal import AuraRuntime

/// Reads of single values of the storage on SQLite, against the same select of the same file in C.
final class StorageReads: Comparison {
    let name: String
    let unit = "values/s"
    let isHigherBetter = true
    let target: Target

    private let tasks: Int
    private let workload: StorageWorkload
    private let folder: String
    private var cacheBytes = 0

    init(_ name: String, target: Target, tasks: Int, values: Int, folder: String) {
        self.name = name
        self.target = target
        self.tasks = tasks
        self.folder = folder
        workload = StorageWorkload(count: values, valueSize: 4096)
    }

    private var path: String { "\(folder)/storage.sqlite" }

    func prepare() async throws {
        removeDatabase(path)
        cacheBytes = try await StorageOnSQLite.open(path) { storage, budget in
            try await workload.fill(storage)
            return budget.journalCache.bytes
        }
    }

    func measureOurs() async throws -> Double {
        try await StorageOnSQLite.open(path) { storage, _ in
            Double(workload.count) / (try await seconds { try await workload.read(from: storage, tasks: tasks) })
        }
    }

    func measureBaseline() async throws -> Double? {
        let storage = try StorageInC(path, cacheBytes: cacheBytes)
        return Double(workload.count) / (try await seconds { try storage.read(workload) })
    }

    func finish() async throws {
        removeDatabase(path)
    }
}
