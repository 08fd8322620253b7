#if SQLite
internal import AuraEffects
internal import AuraRuntime

/// What a connection does with the tables of storage.
final class StorageState: RevisedState {
    let connection: SQLiteConnection
    let revisions: RevisionCounter
    private var readStatement: SQLiteStatement?
    private let validation: StorageValidation
    private let place: @Sendable (String) -> SQLitePlace

    init(
        _ connection: SQLiteConnection,
        validation: StorageValidation,
        place: @escaping @Sendable (String) -> SQLitePlace
    ) {
        self.connection = connection
        revisions = RevisionCounter(connection, table: "storage_counter")
        self.validation = validation
        self.place = place
    }

    func discardCaches() {
        revisions.discard()
    }

    // MARK: Reading

    func read(_ key: StorageKey) throws(EffectError) -> StoredValue? {
        let place = self.place("read")
        let found = try place.mapping { () throws(SQLiteFailure) -> (StoredValue, Bool)? in
            let statement = try preparedRead()
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

    /// Kept here, since looking it up by its text is a good part of a read.
    private func preparedRead() throws(SQLiteFailure) -> SQLiteStatement {
        if let readStatement { return readStatement }
        let statement = try connection.statement(
            "SELECT revision, size, checksum, bytes FROM storage_values WHERE key = ?"
        )
        readStatement = statement
        return statement
    }

    func list(prefix: String, after key: StorageKey?, limit: Int) throws(EffectError) -> StoragePage {
        let prefixBytes = Array(prefix.utf8)
        let afterBytes = key.map { Array($0.text.utf8) }
        var items = try place("list")
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
                items.reserveCapacity(min(limit + 1, 1024))
                try statement.forEachRow { row throws(SQLiteFailure) in
                    let isInside = unsafe row.withBytes(0) { unsafe $0.starts(with: prefixBytes) }
                    guard isInside else { return false }
                    items.append(
                        StoragePage.Item(
                            key: StorageKey(row.text(0)),
                            revision: StorageRevision(rawValue: row.uint64(1)),
                            byteCount: row.int(2)
                        )
                    )
                    return true
                }
                return items
            }
        guard items.count > limit else { return StoragePage(items: items, next: nil) }
        items.removeLast()
        return StoragePage(items: items, next: items.last?.key)
    }

    // MARK: Writing, inside a write transaction

    /// Applies changes in their order, once all of their conditions hold.
    func apply(_ change: StorageChange) throws(EffectError) -> [StorageChange.Result] {
        let place = self.place(change.operation)
        var results: [StorageChange.Result] = []
        results.reserveCapacity(change.mutations.count)
        for mutation in change.mutations {
            // What is written whatever is there need not be looked up.
            if mutation.precondition == .none, mutation.change != .remove {
                results.append(StorageChange.Result(revision: nil, existed: false))
                continue
            }
            let stored = try place.mapping { () throws(SQLiteFailure) in try revision(of: mutation.key) }
            try validation.check(mutation.precondition, on: mutation.key, stored: stored, in: change.operation)
            results.append(StorageChange.Result(revision: nil, existed: stored != nil))
        }
        try place.mapping { () throws(SQLiteFailure) in
            for (index, mutation) in change.mutations.enumerated() {
                switch mutation.change {
                case .write(let bytes): results[index].revision = try write(bytes, to: mutation.key)
                case .remove: if results[index].existed { try remove(mutation.key) }
                }
            }
        }
        return results
    }

    private func revision(of key: StorageKey) throws(SQLiteFailure) -> StorageRevision? {
        let statement = try connection.statement("SELECT revision FROM storage_values WHERE key = ?")
        statement.bind(copying: Array(key.text.utf8), at: 1)
        return try statement.firstRow { StorageRevision(rawValue: $0.uint64(0)) }
    }

    private func write(_ bytes: [UInt8], to key: StorageKey) throws(SQLiteFailure) -> StorageRevision {
        let revision = try revisions.next()
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

    private func remove(_ key: StorageKey) throws(SQLiteFailure) {
        let statement = try connection.statement("DELETE FROM storage_values WHERE key = ?")
        statement.bind(copying: Array(key.text.utf8), at: 1)
        try statement.run()
    }
}
#endif
