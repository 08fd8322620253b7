#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// What a connection does with the table of key-values.
final class KeyValueState: PostgreSQLSessionState {
    let connection: PostgreSQLConnection
    let configuration: PostgreSQLConfiguration
    let revisions: RevisionSequence
    private var isSetUp = false

    init(_ connection: PostgreSQLConnection, _ configuration: PostgreSQLConfiguration) {
        self.connection = connection
        self.configuration = configuration
        revisions = RevisionSequence(connection, sequence: "keyvalue_revisions")
    }

    /// What every change of the session goes by.
    func setUp(at place: PostgreSQLPlace) throws(EffectError) {
        guard !isSetUp else { return }
        try place.mapping { () throws(PostgreSQLFailure) in try connection.requireSyncedCommits() }
        isSetUp = true
    }

    // MARK: Reading

    /// The item under a key, unless its time has come.
    func item(_ key: ItemKey, at now: WallTime, _ place: PostgreSQLPlace) throws(EffectError) -> StoredItem? {
        let row = try place.mapping { () throws(PostgreSQLFailure) -> ItemRow? in
            var parameters = PostgreSQLParameters()
            parameters.add(key.partition)
            parameters.add(key.sort)
            parameters.add(now.nanosecondsSinceEpoch)
            return
                try connection.run(
                    """
                    SELECT sort, revision, checksum, item FROM keyvalue_items
                    WHERE partition = $1 AND sort = $2 AND expires > $3
                    """,
                    parameters,
                    canBeInterrupted: true
                )
                .first.map { ItemRow($0) }
        }
        return try row?.item(in: key.partition, at: place)
    }

    /// How many bytes of items a page has at most, besides its first one.
    private static let pageBytes: Int64 = 4 * 1024 * 1024

    func page(
        _ query: ItemQuery,
        after token: PageToken?,
        size: Int,
        at now: WallTime,
        _ place: PostgreSQLPlace
    ) throws(EffectError) -> ItemPage {
        let bounds = ItemBounds(query, after: token)
        let order = query.backwards ? "DESC" : "ASC"
        let (rows, isLast) = try place.mapping { () throws(PostgreSQLFailure) -> ([ItemRow], Bool) in
            var parameters = PostgreSQLParameters()
            parameters.add(query.partition)
            parameters.add(bounds.first)
            parameters.add(bounds.end)
            parameters.add(now.nanosecondsSinceEpoch)
            // One more than wanted tells whether there is a next page.
            parameters.add(size + 1)
            parameters.add(Self.pageBytes)
            let found = try connection.run(
                """
                SELECT sort, revision, checksum, CASE WHEN before < $6::bigint THEN item END FROM (
                  SELECT sort, revision, checksum, item, coalesce(sum(octet_length(item)) OVER (
                      ORDER BY sort \(order) ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
                  FROM (
                    SELECT sort, revision, checksum, item FROM keyvalue_items
                    WHERE partition = $1 AND sort >= $2 AND sort < $3 AND expires > $4
                    ORDER BY sort \(order) LIMIT $5::bigint) AS found) AS summed
                ORDER BY sort \(order)
                """,
                parameters,
                canBeInterrupted: true
            )
            // What goes beyond the bytes of a page was left out: it only tells that there is a next page.
            let rows = found.rows.prefix(size).prefix { !$0.isNull(3) }.map { ItemRow($0) }
            return (Array(rows), rows.count == found.rowCount)
        }
        var items: [StoredItem] = []
        items.reserveCapacity(rows.count)
        for row in rows { items.append(try row.item(in: query.partition, at: place)) }
        return ItemPage(items: items, next: isLast ? nil : items.last.map { PageToken(rawValue: $0.key.sort) })
    }
}

/// An item as the table keeps it.
private struct ItemRow {
    var sort: String
    var revision: UInt64
    var bytes: [UInt8]
    var isIntact: Bool

    init(_ row: PostgreSQLRow) {
        let revision = row.uint64(1)
        let checksum = unsafe row.withBytes(3) { unsafe XXHash64.hash($0, seed: revision) }
        sort = row.text(0)
        self.revision = revision
        bytes = row.bytes(3)
        isIntact = checksum == row.uint64(2)
    }

    func item(in partition: String, at place: PostgreSQLPlace) throws(EffectError) -> StoredItem {
        let key = ItemKey(partition, sort)
        guard isIntact, let item = ItemCoding.decode(bytes) else {
            throw place.error(
                .corrupted,
                "\(place.database): the item \(HandlerErrors.quote(key.description)) is damaged; write it anew or restore a "
                    + "backup."
            )
        }
        return StoredItem(key: key, item: item, revision: CloudRevision(rawValue: String(revision)))
    }
}
#endif
