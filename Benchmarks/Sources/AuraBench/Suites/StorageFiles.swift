internal import AuraEffects
internal import AuraFileSystem
internal import AuraRuntime
internal import AuraSystem
internal import CBaseline
internal import Measuring

extension Suite {
    static let storageFiles = Suite(
        name: "storage-files",
        summary: "storage on files against loops in C that keep a file for each key"
    ) { scale in
        let rows = StorageFilesRows(folder: scale.folder)
        return [
            rows.writes("write-4KiB", tasks: 1, count: scale.count(1000)),
            rows.reads("read-4KiB", target: .ratio(atLeast: 0.5), tasks: 64, count: scale.count(5000)),
            rows.reads("read-4KiB-one-task", target: .none, tasks: 1, count: scale.count(5000)),
            rows.listing("list-100000", count: scale.count(100_000)),
            rows.writes("write-durable-64", tasks: 64, count: scale.count(2000)),
        ]
    }
}

/// The rows of the suite: ours is a storage assembled from a profile, the baseline a loop in C over the same keys and values.
private struct StorageFilesRows {
    let folder: String

    private static let pageSize = 10_000

    private var path: String { "\(folder)/storage-files" }
    private var baselinePath: String { "\(folder)/storage-files-c" }

    /// From the open and empty storage to the closed one, so that values which got no file at first are paid for too.
    func writes(_ name: String, tasks: Int, count: Int) -> StorageRow {
        let workload = StorageWorkload(count: count)
        let values = workload.allValues()
        return StorageRow(
            name: name,
            unit: "values/s",
            target: .ratio(atLeast: 0.5),
            operations: count,
            ours: {
                removeFolder(path)
                let clock = ContinuousClock()
                var start = clock.now
                try await Self.open(path) { storage in
                    start = clock.now
                    try await storage.write(workload, tasks: tasks)
                }
                return start.duration(to: clock.now) / .seconds(1)
            },
            baseline: {
                removeFolder(baselinePath)
                try Self.calling { baseline_files_create(baselinePath, $0, $1) }
                return try await seconds {
                    try Self.calling {
                        baseline_files_write(
                            baselinePath,
                            workload.keyBytes,
                            StorageWorkload.keySize,
                            values,
                            workload.valueSize,
                            count,
                            $0,
                            $1
                        )
                    }
                }
            },
            cleaning: clean
        )
    }

    func reads(_ name: String, target: Target, tasks: Int, count: Int) -> StorageRow {
        let workload = StorageWorkload(count: count)
        return StorageRow(
            name: name,
            unit: "values/s",
            target: target,
            operations: count,
            preparation: {
                clean()
                try await Self.open(path) { try await $0.write(workload, tasks: 64) }
                try Self.calling { baseline_files_create(baselinePath, $0, $1) }
                let values = workload.allValues()
                try Self.calling {
                    baseline_files_write(
                        baselinePath,
                        workload.keyBytes,
                        StorageWorkload.keySize,
                        values,
                        workload.valueSize,
                        count,
                        $0,
                        $1
                    )
                }
            },
            ours: {
                try await Self.open(path) { storage in
                    try await seconds { try await storage.readAll(workload, tasks: tasks) }
                }
            },
            baseline: {
                try await seconds {
                    try Self.calling {
                        baseline_files_read(
                            baselinePath,
                            workload.keyBytes,
                            StorageWorkload.keySize,
                            workload.valueSize,
                            count,
                            $0,
                            $1
                        )
                    }
                }
            },
            cleaning: clean
        )
    }

    func listing(_ name: String, count: Int) -> StorageRow {
        let workload = StorageWorkload(count: count, valueSize: 16)
        return StorageRow(
            name: name,
            unit: "keys/s",
            target: .ratio(atLeast: 0.5),
            operations: count,
            preparation: {
                clean()
                try await Self.open(path, synchronous: "normal") { try await $0.write(workload, tasks: 64) }
            },
            ours: {
                try await Self.open(path) { storage in
                    try await seconds { try await storage.listAll(workload, pageSize: Self.pageSize) }
                }
            },
            baseline: {
                try await seconds {
                    var found: Int64 = 0
                    try Self.calling { message, size in
                        found = baseline_files_list(path, StorageWorkload.prefix, message, size)
                        return found >= 0
                    }
                    guard found == count else { throw MissingEntries(expected: count, found: Int(found)) }
                }
            },
            cleaning: clean
        )
    }

    private func clean() {
        removeFolder(path)
        removeFolder(baselinePath)
    }

    private static let registry = HandlerRegistry {
        FileSystemHandlers()
        SystemHandlers()
    }

    /// Lends the storage at `path` and closes it afterwards.
    private static func open<Result>(
        _ path: String,
        synchronous: String = "full",
        _ body: (any StorageEffects) async throws -> Result
    ) async throws -> Result {
        let profile = try Profile(
            yaml: """
                profile: bench
                environment: server
                storage: { handler: filesystem, path: "\(path)", synchronous: \(synchronous) }
                time: { handler: system }
                random: { handler: system }
                """
        )
        return try await withAssembled(profile, registry, variables: [:]) { effects, _ in
            try await body(effects.storage)
        }
    }

    /// Calls C with room for a message, which is thrown where the call fails.
    private static func calling(_ body: (UnsafeMutablePointer<CChar>, Int) -> Bool) throws {
        try withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { message in
            message.initialize(repeating: 0)
            guard let base = message.baseAddress, body(base, message.count) else {
                throw BaselineFailure(description: "The baseline failed: \(String(cString: Array(message)))")
            }
        }
    }
}

/// A loop in C that failed.
private struct BaselineFailure: Error, CustomStringConvertible {
    var description: String
}
