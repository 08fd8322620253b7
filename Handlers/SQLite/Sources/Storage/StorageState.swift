#if SQLite
internal import AuraEffects
internal import AuraRuntime

/// What a connection does with the tables of storage.
final class StorageState: SQLiteSessionState {
    let connection: SQLiteConnection
    private let validation: StorageValidation
    private let place: @Sendable (String) -> SQLitePlace

    init(
        _ connection: SQLiteConnection,
        validation: StorageValidation,
        place: @escaping @Sendable (String) -> SQLitePlace
    ) {
        self.connection = connection
        self.validation = validation
        self.place = place
    }

    func discardCaches() {}

    // MARK: Reading

    func read(_ key: StorageKey) throws(EffectError) -> StoredValue? {
        let place = self.place("read")
        let found = try place.mapping { () throws(SQLiteFailure) -> (StoredValue, Bool)? in
            let statement = try connection.statement(
                "SELECT revision, size, checksum, bytes FROM storage_values WHERE key = ?"
            )
            statement.bind(copying: Array(key.text.utf8), at: 1)
            return try statement.firstRow { row in
                let revision = row.uint64(0)
                let checksum = unsafe row.withBytes(3) { bytes in
                    unsafe XXHash64.checksum(key: key, revision: revision, bytes: bytes)
                }
                let bytes = row.bytes(3)
                let isIntact = bytes.count == row.int(1) && checksum == row.uint64(2)
                return (StoredValue(bytes: bytes, revision: StorageRevision(rawValue: revision)), isIntact)
            }
        }
        guard let (value, isIntact) = found else { return nil }
        guard isIntact else {
            throw place.error(
                .corrupted,
                "\(place.file): the value of \(HandlerErrors.quote(key.text)) is damaged; write it anew or restore a backup."
            )
        }
        return value
    }

    func list(prefix: String, after key: StorageKey?, limit: Int) throws(EffectError) -> StoragePage {
        let prefixBytes = Array(prefix.utf8)
        let afterBytes = key.map { Array($0.text.utf8) }
        let items = try place("list")
            .mapping { () throws(SQLiteFailure) -> [StoragePage.Item] in
                let isAfterPrefix = afterBytes.map { !$0.lexicographicallyPrecedes(prefixBytes) } ?? false
                let statement = try connection.statement(
                    isAfterPrefix
                        ? "SELECT key, revision, size FROM storage_values WHERE key > ? ORDER BY key LIMIT ?"
                        : "SELECT key, revision, size FROM storage_values WHERE key >= ? ORDER BY key LIMIT ?"
                )
                statement.bind(copying: (isAfterPrefix ? afterBytes : nil) ?? prefixBytes, at: 1)
                // One more than wanted tells whether there is a next page.
                statement.bind(limit + 1, at: 2)
                var items: [StoragePage.Item] = []
                try statement.forEachRow { row throws(SQLiteFailure) in
                    let key = StorageKey(row.text(0))
                    guard key.hasPrefix(prefix) else { return false }
                    items.append(
                        StoragePage.Item(
                            key: key,
                            revision: StorageRevision(rawValue: row.uint64(1)),
                            byteCount: row.int(2)
                        )
                    )
                    return true
                }
                return items
            }
        guard items.count > limit else { return StoragePage(items: items, next: nil) }
        let page = Array(items.prefix(limit))
        return StoragePage(items: page, next: page.last?.key)
    }

    // MARK: Writing, inside a write transaction

    /// Applies changes in their order.
    ///
    /// - Returns: For each change the new version, or whether a removal found something.
    func apply(
        _ mutations: [StorageMutation],
        operation: String
    ) throws(EffectError) -> [(revision: StorageRevision?, existed: Bool)] {
        let place = self.place(operation)
        var results: [(revision: StorageRevision?, existed: Bool)] = []
        for mutation in mutations {
            let stored = try place.mapping { () throws(SQLiteFailure) in try self.revision(of: mutation.key) }
            try validation.check(mutation.precondition, on: mutation.key, stored: stored, in: operation)
            let revision = try place.mapping { () throws(SQLiteFailure) -> StorageRevision? in
                switch mutation.change {
                case .write(let bytes): return try write(bytes, to: mutation.key)
                case .remove: return try remove(mutation.key, exists: stored != nil)
                }
            }
            results.append((revision, stored != nil))
        }
        return results
    }

    private func revision(of key: StorageKey) throws(SQLiteFailure) -> StorageRevision? {
        let statement = try connection.statement("SELECT revision FROM storage_values WHERE key = ?")
        statement.bind(copying: Array(key.text.utf8), at: 1)
        return try statement.firstRow { StorageRevision(rawValue: $0.uint64(0)) }
    }

    private func write(_ bytes: [UInt8], to key: StorageKey) throws(SQLiteFailure) -> StorageRevision {
        // The counter is beside the values, so that a revision does not come back after its value was removed.
        let counter = try connection.statement(
            "UPDATE storage_counter SET last_revision = last_revision + 1 RETURNING last_revision"
        )
        guard let revision = try counter.firstRow({ $0.uint64(0) }) else {
            throw SQLiteFailure(code: .corrupt, text: "The counter of revisions is missing.")
        }
        let statement = try connection.statement(
            """
            INSERT INTO storage_values (key, revision, size, checksum, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
            ON CONFLICT (key) DO UPDATE SET revision = ?2, size = ?3, checksum = ?4, bytes = ?5
            """
        )
        statement.bind(copying: Array(key.text.utf8), at: 1)
        statement.bind(revision, at: 2)
        statement.bind(bytes.count, at: 3)
        let result = unsafe bytes.withUnsafeBytes { bytes in
            unsafe statement.bind(XXHash64.checksum(key: key, revision: revision, bytes: bytes), at: 4)
            unsafe statement.bind(lending: bytes, at: 5)
            return Result { () throws(SQLiteFailure) in try statement.run() }
        }
        try result.get()
        return StorageRevision(rawValue: revision)
    }

    private func remove(_ key: StorageKey, exists: Bool) throws(SQLiteFailure) -> StorageRevision? {
        guard exists else { return nil }
        let statement = try connection.statement("DELETE FROM storage_values WHERE key = ?")
        statement.bind(copying: Array(key.text.utf8), at: 1)
        try statement.run()
        return nil
    }
}
#endif
