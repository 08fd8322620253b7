internal import AuraEffects
internal import AuraRuntime
internal import Measuring

extension Suite {
    static let storageSQLite = Suite(
        name: "storage-sqlite",
        summary: "the storage on SQLite against the same tables driven from C"
    ) { scale in
        let reads = scale.count(20_000)
        return [
            StorageOnSQLite.writes("write-4KiB", tasks: 1, scale.count(5000), in: scale.folder),
            StorageOnSQLite.reads("read-4KiB", target: .ratio(atLeast: 0.6), tasks: 64, reads, in: scale.folder),
            StorageOnSQLite.reads("read-4KiB-one-task", target: .none, tasks: 1, reads, in: scale.folder),
            StorageOnSQLite.listing("list-100000", scale.count(100_000), in: scale.folder),
            StorageOnSQLite.writes("write-durable-64", tasks: 64, scale.count(10_000), in: scale.folder),
        ]
    }
}

extension StorageOnSQLite {
    private static let pageSize = 1000

    /// Writes that are each durable before they return, from the open and empty storage to the closed file, so that a side
    /// that puts work off pays for it too.
    fileprivate static func writes(
        _ name: String,
        tasks: Int,
        _ count: Int,
        in folder: String
    ) -> StorageRow {
        let workload = StorageWorkload(count: count)
        let values = workload.allValues()
        let (path, model) = ("\(folder)/storage.sqlite", "\(folder)/storage-model.sqlite")
        return StorageRow(
            name: name,
            unit: "values/s",
            target: .ratio(atLeast: 0.6),
            operations: count,
            roundsFactor: 3,
            preparation: {
                removeDatabase(model)
                try await open(model) { _, _ in }
            },
            ours: {
                removeDatabase(path)
                let clock = ContinuousClock()
                var start = clock.now
                try await open(path) { storage, _ in
                    start = clock.now
                    try await storage.write(workload, tasks: tasks)
                }
                return start.duration(to: clock.now) / .seconds(1)
            },
            baseline: {
                removeDatabase(path)
                let clock = ContinuousClock()
                var storage: StorageInC? = try StorageInC(path, model: model, cacheBytes: try await cacheBytes(model))
                let start = clock.now
                try storage?.write(workload, values)
                storage = nil
                return start.duration(to: clock.now) / .seconds(1)
            },
            cleaning: {
                removeDatabase(path)
                removeDatabase(model)
            }
        )
    }

    fileprivate static func reads(
        _ name: String,
        target: Target,
        tasks: Int,
        _ count: Int,
        in folder: String
    ) -> StorageRow {
        let workload = StorageWorkload(count: count)
        let path = "\(folder)/storage.sqlite"
        return StorageRow(
            name: name,
            unit: "values/s",
            target: target,
            operations: count,
            preparation: { try await fill(path, workload) },
            ours: {
                try await open(path) { storage, _ in
                    try await seconds { try await storage.readAll(workload, tasks: tasks) }
                }
            },
            baseline: {
                let storage = try StorageInC(path, cacheBytes: try await cacheBytes(path))
                return try await seconds { try storage.read(workload) }
            },
            cleaning: { removeDatabase(path) }
        )
    }

    fileprivate static func listing(_ name: String, _ count: Int, in folder: String) -> StorageRow {
        let workload = StorageWorkload(count: count, valueSize: 16)
        let path = "\(folder)/storage.sqlite"
        return StorageRow(
            name: name,
            unit: "keys/s",
            target: .ratio(atLeast: 0.6),
            operations: count,
            preparation: { try await fill(path, workload) },
            ours: {
                try await open(path) { storage, _ in
                    try await seconds { try await storage.listAll(workload, pageSize: pageSize) }
                }
            },
            baseline: {
                let storage = try StorageInC(path, cacheBytes: try await cacheBytes(path))
                return try await seconds {
                    let found = try storage.list()
                    guard found == count else { throw MissingEntries(expected: count, found: found) }
                }
            },
            cleaning: { removeDatabase(path) }
        )
    }

    private static func fill(_ path: String, _ workload: StorageWorkload) async throws {
        removeDatabase(path)
        try await open(path) { storage, _ in
            for first in stride(from: 0, to: workload.count, by: pageSize) {
                let part = first..<min(workload.count, first + pageSize)
                try await storage.transact(part.map { .write(workload.value($0), to: workload.keys[$0]) })
            }
        }
    }

    /// The page cache that ours has.
    private static func cacheBytes(_ path: String) async throws -> Int {
        try await open(path) { _, budget in budget.journalCache.bytes }
    }
}
