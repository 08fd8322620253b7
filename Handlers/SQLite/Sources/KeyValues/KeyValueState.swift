#if SQLite
internal import AuraEffects
internal import AuraRuntime

/// What a connection does with the table of key-values.
final class KeyValueState: RevisedState {
    let connection: SQLiteConnection
    let revisions: RevisionCounter
    private let validation: ItemValidation
    private let place: @Sendable (String) -> SQLitePlace

    init(
        _ connection: SQLiteConnection,
        validation: ItemValidation,
        place: @escaping @Sendable (String) -> SQLitePlace
    ) {
        self.connection = connection
        revisions = RevisionCounter(connection, table: "keyvalue_counter")
        self.validation = validation
        self.place = place
    }

    func discardCaches() {
        revisions.discard()
    }

    // MARK: Reading

    /// The item under a key, unless its time has come.
    func item(_ key: ItemKey, at now: WallTime) throws(EffectError) -> StoredItem? {
        let place = self.place("get")
        let row = try place.mapping { () throws(SQLiteFailure) -> ItemRow? in
            let statement = try connection.statement(
                """
                SELECT sort, revision, checksum, item FROM keyvalue_items
                WHERE partition = ? AND sort = ? AND expires > ?
                """
            )
            statement.bind(copying: Array(key.partition.utf8), at: 1)
            statement.bind(copying: Array(key.sort.utf8), at: 2)
            statement.bind(now.nanosecondsSinceEpoch, at: 3)
            return try statement.firstRow { ItemRow($0) }
        }
        return try row?.item(in: key.partition, at: place)
    }

    /// How many bytes of items a page has before it ends early.
    private static let pageBytes = 4 * 1024 * 1024

    func page(
        _ query: ItemQuery,
        after token: PageToken?,
        size: Int,
        at now: WallTime
    ) throws(EffectError) -> ItemPage {
        let place = self.place("query")
        let bounds = ItemBounds(query, after: token)
        var rows: [ItemRow] = []
        var isLast = true
        try place.mapping { () throws(SQLiteFailure) in
            let statement = try connection.statement(
                """
                SELECT sort, revision, checksum, item FROM keyvalue_items
                WHERE partition = ? AND sort >= ? AND sort < ? AND expires > ?
                ORDER BY sort \(query.backwards ? "DESC" : "ASC") LIMIT ?
                """
            )
            statement.bind(copying: Array(query.partition.utf8), at: 1)
            statement.bind(copying: bounds.first, at: 2)
            statement.bind(copying: bounds.end, at: 3)
            statement.bind(now.nanosecondsSinceEpoch, at: 4)
            // One more than wanted tells whether there is a next page.
            statement.bind(size + 1, at: 5)
            var byteCount = 0
            try statement.forEachRow { row throws(SQLiteFailure) in
                guard rows.count < size, byteCount < Self.pageBytes else {
                    isLast = false
                    return false
                }
                let row = ItemRow(row)
                byteCount += row.bytes.count
                rows.append(row)
                return true
            }
        }
        var items: [StoredItem] = []
        items.reserveCapacity(rows.count)
        for row in rows { items.append(try row.item(in: query.partition, at: place)) }
        return ItemPage(items: items, next: isLast ? nil : items.last.map { PageToken(rawValue: $0.key.sort) })
    }

    // MARK: Writing, inside a write transaction

    /// Applies changes in their order, once all of their conditions hold.
    func apply(_ change: ItemChange, at now: WallTime) throws(EffectError) -> [CloudRevision?] {
        let place = self.place(change.operation)
        for mutation in change.mutations where mutation.precondition != .none {
            let stored = try place.mapping { () throws(SQLiteFailure) in try revision(of: mutation.key, at: now) }
            let key = mutation.key.description
            try validation.errors.check(mutation.precondition, on: key, stored: stored, in: change.operation)
        }
        return try place.mapping { () throws(SQLiteFailure) in
            var answers: [CloudRevision?] = []
            for mutation in change.mutations {
                switch mutation.change {
                case .put(let item): answers.append(try put(item, to: mutation.key))
                case .remove:
                    try remove(mutation.key)
                    answers.append(nil)
                }
            }
            return answers
        }
    }

    /// The most expired items that one transaction removes, so that no caller waits long for it.
    private static let mostSwept = 64

    /// Removes items whose time has come.
    func sweep(at now: WallTime, _ place: SQLitePlace) throws(EffectError) {
        try place.mapping { () throws(SQLiteFailure) in
            let statement = try connection.statement(
                """
                DELETE FROM keyvalue_items WHERE rowid IN (
                  SELECT rowid FROM keyvalue_items
                  WHERE expires < 9223372036854775807 AND expires <= ? LIMIT \(Self.mostSwept))
                """
            )
            statement.bind(now.nanosecondsSinceEpoch, at: 1)
            try statement.run()
        }
    }

    private func revision(of key: ItemKey, at now: WallTime) throws(SQLiteFailure) -> CloudRevision? {
        let statement = try connection.statement(
            "SELECT revision FROM keyvalue_items WHERE partition = ? AND sort = ? AND expires > ?"
        )
        statement.bind(copying: Array(key.partition.utf8), at: 1)
        statement.bind(copying: Array(key.sort.utf8), at: 2)
        statement.bind(now.nanosecondsSinceEpoch, at: 3)
        return try statement.firstRow { CloudRevision(rawValue: String($0.uint64(0))) }
    }

    private func put(_ item: Item, to key: ItemKey) throws(SQLiteFailure) -> CloudRevision {
        let revision = try revisions.next()
        let statement = try connection.statement(
            """
            INSERT INTO keyvalue_items (partition, sort, revision, expires, checksum, item)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT (partition, sort) DO UPDATE SET revision = ?3, expires = ?4, checksum = ?5, item = ?6
            """
        )
        let bytes = ItemCoding.encode(item)
        statement.bind(copying: Array(key.partition.utf8), at: 1)
        statement.bind(copying: Array(key.sort.utf8), at: 2)
        statement.bind(revision, at: 3)
        // What never expires does so beyond all time.
        statement.bind(item.expires?.nanosecondsSinceEpoch ?? .max, at: 4)
        let result = unsafe bytes.withUnsafeBytes { bytes in
            unsafe statement.bind(XXHash64.hash(bytes, seed: revision), at: 5)
            unsafe statement.bind(lending: bytes, at: 6)
            return Result { () throws(SQLiteFailure) in try statement.run() }
        }
        try result.get()
        return CloudRevision(rawValue: String(revision))
    }

    private func remove(_ key: ItemKey) throws(SQLiteFailure) {
        let statement = try connection.statement("DELETE FROM keyvalue_items WHERE partition = ? AND sort = ?")
        statement.bind(copying: Array(key.partition.utf8), at: 1)
        statement.bind(copying: Array(key.sort.utf8), at: 2)
        try statement.run()
    }
}

/// An item as the table keeps it.
private struct ItemRow {
    var sort: String
    var revision: UInt64
    var bytes: [UInt8]
    var isIntact: Bool

    init(_ row: borrowing SQLiteRow) {
        let revision = row.uint64(1)
        let checksum = unsafe row.withBytes(3) { unsafe XXHash64.hash($0, seed: revision) }
        sort = row.text(0)
        self.revision = revision
        bytes = row.bytes(3)
        isIntact = checksum == row.uint64(2)
    }

    func item(in partition: String, at place: SQLitePlace) throws(EffectError) -> StoredItem {
        let key = ItemKey(partition, sort)
        guard isIntact, let item = ItemCoding.decode(bytes) else {
            throw place.error(
                .corrupted,
                "\(place.file): the item \(HandlerErrors.quote(key.description)) is damaged; write it anew or restore a backup."
            )
        }
        return StoredItem(key: key, item: item, revision: CloudRevision(rawValue: String(revision)))
    }
}
#endif
