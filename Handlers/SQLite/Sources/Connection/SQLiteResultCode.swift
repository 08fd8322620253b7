#if SQLite
internal import CSQLite

/// A result code of SQLite, extended where the library gives it: an open set.
///
/// Source: https://sqlite.org/rescode.html
struct SQLiteResultCode: RawRepresentable, Hashable, Sendable {
    let rawValue: Int32

    /// The code without its extension.
    var primary: SQLiteResultCode { SQLiteResultCode(rawValue: rawValue & 0xff) }

    static let ok = SQLiteResultCode(rawValue: SQLITE_OK)
    static let row = SQLiteResultCode(rawValue: SQLITE_ROW)
    static let done = SQLiteResultCode(rawValue: SQLITE_DONE)
    static let busy = SQLiteResultCode(rawValue: SQLITE_BUSY)
    static let locked = SQLiteResultCode(rawValue: SQLITE_LOCKED)
    static let full = SQLiteResultCode(rawValue: SQLITE_FULL)
    static let readOnly = SQLiteResultCode(rawValue: SQLITE_READONLY)
    static let cannotOpen = SQLiteResultCode(rawValue: SQLITE_CANTOPEN)
    static let ioError = SQLiteResultCode(rawValue: SQLITE_IOERR)
    static let corrupt = SQLiteResultCode(rawValue: SQLITE_CORRUPT)
    static let notADatabase = SQLiteResultCode(rawValue: SQLITE_NOTADB)
    static let permission = SQLiteResultCode(rawValue: SQLITE_PERM)
    static let outOfMemory = SQLiteResultCode(rawValue: SQLITE_NOMEM)
    static let tooBig = SQLiteResultCode(rawValue: SQLITE_TOOBIG)
    static let interrupted = SQLiteResultCode(rawValue: SQLITE_INTERRUPT)
    static let ioErrorRead = SQLiteResultCode(rawValue: SQLITE_IOERR | (1 << 8))
    static let ioErrorWrite = SQLiteResultCode(rawValue: SQLITE_IOERR | (3 << 8))
    static let ioErrorSync = SQLiteResultCode(rawValue: SQLITE_IOERR | (4 << 8))
    static let ioErrorSyncFolder = SQLiteResultCode(rawValue: SQLITE_IOERR | (5 << 8))
    static let ioErrorTruncate = SQLiteResultCode(rawValue: SQLITE_IOERR | (6 << 8))
    static let ioErrorStatus = SQLiteResultCode(rawValue: SQLITE_IOERR | (7 << 8))
    static let ioErrorDelete = SQLiteResultCode(rawValue: SQLITE_IOERR | (10 << 8))
    static let ioErrorAccess = SQLiteResultCode(rawValue: SQLITE_IOERR | (13 << 8))
    static let ioErrorLock = SQLiteResultCode(rawValue: SQLITE_IOERR | (15 << 8))
    static let ioErrorDeleteMissing = SQLiteResultCode(rawValue: SQLITE_IOERR | (23 << 8))
    static let ioErrorShortRead = SQLiteResultCode(rawValue: SQLITE_IOERR | (2 << 8))
    static let ioErrorCorruptFileSystem = SQLiteResultCode(rawValue: SQLITE_IOERR | (33 << 8))

    /// Matches a whole code, or any extension of a primary one.
    static func ~= (pattern: SQLiteResultCode, code: SQLiteResultCode) -> Bool {
        pattern == code || pattern == code.primary
    }
}
#endif
