extension Suite {
    static let storageSQLite = Suite(
        name: "storage-sqlite",
        summary: "the storage on SQLite against the same tables driven from C"
    ) { scale in
        [
            StorageWrites("write-4KiB", tasks: 1, values: scale.count(5000), folder: scale.folder),
            StorageReads(
                "read-4KiB",
                target: .ratio(atLeast: 0.6),
                tasks: 64,
                values: scale.count(20_000),
                folder: scale.folder
            ),
            StorageReads("read-4KiB-one", target: .none, tasks: 1, values: scale.count(20_000), folder: scale.folder),
            StorageListing(values: scale.count(100_000), folder: scale.folder),
            StorageWrites("write-durable-64", tasks: 64, values: scale.count(10_000), folder: scale.folder),
        ]
    }
}
