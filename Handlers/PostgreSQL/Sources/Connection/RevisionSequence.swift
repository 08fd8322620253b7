#if PostgreSQL
internal import AuraEffects

/// Issues the revisions of a table from a sequence of the database: no other connection issues the same.
///
/// PostgreSQL gives a number of a sequence once: also to a transaction that is rolled back, and across a crash, since
/// what writes the value comes later in its log.
final class RevisionSequence {
    /// How many revisions a number of the sequence stands for.
    private static let revisionsPerNumber: UInt64 = 1 << 20

    private let connection: PostgreSQLConnection
    private let sequence: String
    /// The revisions that this connection may still issue.
    private var revisions: Range<UInt64> = 0..<0

    init(_ connection: PostgreSQLConnection, sequence: String) {
        self.connection = connection
        self.sequence = sequence
    }

    /// The next revision.
    func next(at place: PostgreSQLPlace) throws(EffectError) -> UInt64 {
        if revisions.isEmpty {
            let number = try place.mapping { () throws(PostgreSQLFailure) in
                guard let row = try connection.run("SELECT nextval('\(sequence)')").first else {
                    throw PostgreSQLFailure(kind: .unexpectedAnswer, text: "The sequence of revisions gave no number.")
                }
                return row.uint64(0)
            }
            let first = number * Self.revisionsPerNumber
            revisions = first..<first + Self.revisionsPerNumber
        }
        return revisions.removeFirst()
    }
}
#endif
