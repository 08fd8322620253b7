internal import AuraEffects
internal import AuraRuntime

/// A listing of the whole storage on SQLite in pages, against one select of the same columns of the same file in C.
final class StorageListing: Comparison {
    let name = "list-100000"
    let unit = "keys/s"
    let isHigherBetter = true
    let target = Target.ratio(atLeast: 0.6)

    private static let pageSize = 1000

    private let workload: StorageWorkload
    private let folder: String
    private var cacheBytes = 0

    init(values: Int, folder: String) {
        self.folder = folder
        workload = StorageWorkload(count: values, valueSize: 16)
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
            var count = 0
            let elapsed = try await seconds { count = try await workload.list(storage, pageSize: Self.pageSize) }
            return try rate(count, elapsed)
        }
    }

    func measureBaseline() async throws -> Double? {
        let storage = try StorageInC(path, cacheBytes: cacheBytes)
        var count = 0
        let elapsed = try await seconds { count = try storage.list() }
        return try rate(count, elapsed)
    }

    func finish() async throws {
        removeDatabase(path)
    }

    private func rate(_ count: Int, _ elapsed: Double) throws -> Double {
        guard count == workload.count else { throw MissingEntries(expected: workload.count, found: count) }
        return Double(count) / elapsed
    }
}
