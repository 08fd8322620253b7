#if PostgreSQL
internal import AuraEffects
internal import AuraRuntime

/// A row of `journal_entries` as a query yields it.
struct EntryRow {
    let stored: StoredEntry

    /// What stands in the payload column of a row.
    struct Payload {
        let row: PostgreSQLRow
        let column: Int

        var bytes: [UInt8] { row.bytes(column) }
        /// What is there in place of a payload that was compacted away.
        var digest: SHA256Digest { row.digest(column) }
    }

    private let row: PostgreSQLRow

    /// The columns of a query for entries.
    ///
    /// - Parameter payload: What stands in the payload's place.
    /// - Returns: The columns, in the order that this type reads them in.
    static func columns(payload: String) -> String {
        "position, stream, revision, origin, sequence, id, timestamp, kind, is_compacted, \(payload), hash, checksum"
    }

    init(_ row: PostgreSQLRow) {
        self.row = row
        stored = StoredEntry(
            position: row.uint64(0),
            stream: row.int(1),
            revision: row.uint64(2),
            origin: Int(row.int32(3)),
            sequence: row.uint64(4),
            id: EntryID(rawValue: row.uuid(5)),
            timestamp: HybridTimestamp(rawValue: row.uint64(6)),
            kind: Int(row.int32(7)),
            isCompacted: row.bool(8),
            hash: row.digest(10)
        )
    }

    var payload: Payload { Payload(row: row, column: 9) }

    /// The floor of the stream, where the query asked for it too.
    var floor: UInt64 { row.uint64(12) }

    /// Whether the payload was left out of the query for its size.
    var isPayloadMissing: Bool { row.isNull(9) }

    /// Whether the row's checksum fits the payload that came with it.
    var isIntact: Bool { isIntact(with: payload) }

    /// Whether the row's checksum fits a payload that another query brought.
    func isIntact(with payload: Payload) -> Bool {
        let checksum = row.uint64(11)
        return unsafe payload.row.withBytes(payload.column) { unsafe stored.checksum(payload: $0) == checksum }
    }
}

extension PostgreSQLFailure {
    static var missingHead: PostgreSQLFailure {
        PostgreSQLFailure(kind: .unexpectedAnswer, text: "The journal has no head.")
    }

    static func damaged(at position: UInt64) -> PostgreSQLFailure {
        PostgreSQLFailure(kind: .unexpectedAnswer, text: "The entry at position \(position) is damaged.")
    }
}
#endif
