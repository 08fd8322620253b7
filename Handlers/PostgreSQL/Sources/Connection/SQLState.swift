#if PostgreSQL
/// A five-letter code of PostgreSQL's errors: an open set.
///
/// Source: https://www.postgresql.org/docs/15/errcodes-appendix.html
struct SQLState: RawRepresentable, Hashable, Sendable {
    let rawValue: String

    /// The first two letters: the kind of error.
    var errorClass: Substring { rawValue.prefix(2) }

    static let readOnlyTransaction = SQLState(rawValue: "25006")
    static let idleInTransactionTimeout = SQLState(rawValue: "25P03")
    static let uniqueViolation = SQLState(rawValue: "23505")
    static let invalidAuthorization = SQLState(rawValue: "28000")
    static let invalidPassword = SQLState(rawValue: "28P01")
    static let unknownDatabase = SQLState(rawValue: "3D000")
    static let unknownSchema = SQLState(rawValue: "3F000")
    static let serializationFailure = SQLState(rawValue: "40001")
    static let deadlock = SQLState(rawValue: "40P01")
    static let insufficientPrivilege = SQLState(rawValue: "42501")
    static let unknownTable = SQLState(rawValue: "42P01")
    static let diskFull = SQLState(rawValue: "53100")
    static let tooManyConnections = SQLState(rawValue: "53300")
    static let limitExceeded = SQLState(rawValue: "54000")
    static let lockNotAvailable = SQLState(rawValue: "55P03")
    static let queryCancelled = SQLState(rawValue: "57014")
}
#endif
