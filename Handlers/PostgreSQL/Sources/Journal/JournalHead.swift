#if PostgreSQL
internal import AuraEffects

/// The one row of `journal_head`: where the journal and its own chain end.
struct JournalHead {
    static let columns = """
        version, h.origin, position, sequence, hash, clock, highest_id,
        (SELECT id FROM journal_origins WHERE number = h.origin)
        """

    /// Counts the changes of the journal.
    var version: Int64
    var origin: OriginID
    var originNumber: Int
    var position: UInt64
    var sequence: UInt64
    var hash: SHA256Digest
    var clock: HybridLogicalClock
    /// The highest id of the local origin in any stream.
    var highestID: EntryID?

    /// Takes in a row whose columns are ``columns``.
    init(_ row: PostgreSQLRow) {
        version = row.int64(0)
        originNumber = Int(row.int32(1))
        position = row.uint64(2)
        sequence = row.uint64(3)
        hash = row.digest(4)
        clock = HybridLogicalClock(last: HybridTimestamp(rawValue: row.uint64(5)))
        highestID = row.isNull(6) ? nil : EntryID(rawValue: row.uuid(6))
        origin = OriginID(rawValue: row.uuid(7))
    }

    /// Whether nobody has written between this and another look.
    ///
    /// The hash stands for what was written under the journal's own origin: two processes that count from the same version
    /// never come to the same one.
    func isSame(as other: JournalHead) -> Bool {
        version == other.version && hash == other.hash && originNumber == other.originNumber
    }
}
#endif
