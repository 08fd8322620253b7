#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// What a connection does with the tables of storage.
final class StorageState: PostgreSQLSessionState {
    let connection: PostgreSQLConnection
    let configuration: PostgreSQLConfiguration
    let revisions: RevisionSequence
    private var isSetUp = false

    init(_ connection: PostgreSQLConnection, _ configuration: PostgreSQLConfiguration) {
        self.connection = connection
        self.configuration = configuration
        revisions = RevisionSequence(connection, sequence: "storage_revisions")
    }

    /// What every write of the session goes by.
    func setUp(at place: PostgreSQLPlace) throws(EffectError) {
        guard !isSetUp else { return }
        try place.mapping { () throws(PostgreSQLFailure) in try connection.requireSyncedCommits() }
        isSetUp = true
    }

    // MARK: Reading

    func read(_ key: StorageKey, at place: PostgreSQLPlace) throws(EffectError) -> StoredValue? {
        let found = try place.mapping { () throws(PostgreSQLFailure) -> (StoredValue, Bool)? in
            var parameters = PostgreSQLParameters()
            parameters.add(key.text)
            let answer = try connection.run(
                "SELECT revision, checksum, bytes FROM storage_values WHERE key = $1",
                parameters,
                canBeInterrupted: true
            )
            guard let row = answer.first else { return nil }
            let revision = row.uint64(0)
            let checksum = unsafe row.withBytes(2) { bytes in
                unsafe XXHash64.checksum(key: key, revision: revision, bytes: bytes)
            }
            let value = StoredValue(bytes: row.bytes(2), revision: StorageRevision(rawValue: revision))
            return (value, checksum == row.uint64(1))
        }
        guard let (value, isIntact) = found else { return nil }
        guard isIntact else {
            throw place.error(
                .corrupted,
                "\(place.database): the value of \(HandlerErrors.quote(key.text)) is damaged; write it anew or restore "
                    + "a backup."
            )
        }
        return value
    }

    func list(
        prefix: String,
        after key: StorageKey?,
        limit: Int,
        at place: PostgreSQLPlace
    ) throws(EffectError) -> StoragePage {
        let prefixBytes = Array(prefix.utf8)
        let afterBytes = key.map { Array($0.text.utf8) }
        let isAfterPrefix = afterBytes.map { !$0.lexicographicallyPrecedes(prefixBytes) } ?? false
        var items = try place.mapping { () throws(PostgreSQLFailure) in
            var parameters = PostgreSQLParameters()
            parameters.add((isAfterPrefix ? afterBytes : nil) ?? prefixBytes)
            parameters.add(Self.end(ofPrefix: prefixBytes))
            // One more than wanted tells whether there is a next page.
            parameters.add(limit + 1)
            return
                try connection.run(
                    """
                    SELECT key, revision, octet_length(bytes)::bigint FROM storage_values
                    WHERE key \(isAfterPrefix ? ">" : ">=") $1 AND key < $2 ORDER BY key LIMIT $3::bigint
                    """,
                    parameters,
                    canBeInterrupted: true
                )
                .rows
                .map { row in
                    StoragePage.Item(
                        key: StorageKey(row.text(0)),
                        revision: StorageRevision(rawValue: row.uint64(1)),
                        byteCount: row.int(2)
                    )
                }
        }
        guard items.count > limit else { return StoragePage(items: items, next: nil) }
        items.removeLast()
        return StoragePage(items: items, next: items.last?.key)
    }

    /// The least bytes that come after every key with a prefix.
    private static func end(ofPrefix prefix: [UInt8]) -> [UInt8] {
        // No byte of UTF-8 is that large.
        guard let last = prefix.last else { return [0xff] }
        return prefix.dropLast() + [last + 1]
    }
}
#endif
