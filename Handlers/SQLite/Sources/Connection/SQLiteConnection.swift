#if SQLite
internal import CSQLite

/// An open database: the one owner of its handle.
///
/// It is used from one executor only, so it is not sendable.
@safe
final class SQLiteConnection {
    let handle: OpaquePointer
    /// Held for as long as the handle is open.
    private let vfs: SQLiteVFS?
    private var statements: [String: SQLiteStatement] = [:]

    enum Access {
        case readWriteCreate
        case readOnly
    }

    /// Opens a file.
    ///
    /// A reader opens the file for writing too, because in WAL mode it has to take part in the shared-memory index; it is
    /// kept from changing anything by `query_only`.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - access: What the connection may do.
    ///   - vfs: What SQLite reaches the file through; `nil` for its own file system.
    /// - Throws: ``SQLiteFailure`` where the file cannot be opened.
    init(path: String, access: Access, vfs: SQLiteVFS?) throws(SQLiteFailure) {
        Self.initializeLibrary
        var handle: OpaquePointer?
        let flags =
            switch access {
            case .readWriteCreate: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
            case .readOnly: SQLITE_OPEN_READWRITE
            }
        let code = unsafe sqlite3_open_v2(
            path,
            &handle,
            flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
            vfs?.name
        )
        guard let handle = unsafe handle else {
            throw SQLiteFailure(code: .outOfMemory, text: "SQLite could not allocate a connection.")
        }
        guard code == SQLITE_OK else {
            defer { unsafe sqlite3_close_v2(handle) }
            throw SQLiteFailure(
                code: SQLiteResultCode(rawValue: code),
                text: unsafe String(cString: sqlite3_errmsg(handle))
            )
        }
        unsafe self.handle = handle
        self.vfs = vfs
    }

    deinit {
        statements.removeAll()
        unsafe sqlite3_close_v2(handle)
    }

    // The library's own memory accounting takes a lock per allocation and nobody reads it.
    static let initializeLibrary: Void = {
        _ = aura_sqlite3_config_memstatus(0)
        sqlite3_initialize()
    }()

    /// The failure that the last call on this connection left.
    func failure(_ code: Int32) -> SQLiteFailure {
        unsafe SQLiteFailure(
            code: SQLiteResultCode(rawValue: code),
            text: String(cString: sqlite3_errmsg(handle))
        )
    }

    /// Runs one or several statements given as text.
    func execute(_ sql: String) throws(SQLiteFailure) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    /// The prepared statement of a text; it is prepared once.
    func statement(_ sql: String) throws(SQLiteFailure) -> SQLiteStatement {
        if let statement = statements[sql] { return statement }
        let statement = try SQLiteStatement(sql, on: self)
        statements[sql] = statement
        return statement
    }

    /// The first column of a query's first row as a number.
    func integer(_ sql: String) throws(SQLiteFailure) -> Int64? {
        try statement(sql).firstRow { $0.int64(0) }
    }

    /// A number that changes whenever another connection has committed to the file.
    func dataVersion() throws(SQLiteFailure) -> Int64 {
        try integer("PRAGMA data_version") ?? 0
    }

    /// Whether a transaction is open.
    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Ends an open transaction without its changes, where SQLite has not done so on its own after a failure.
    func rollBack() {
        guard isInTransaction else { return }
        unsafe sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }
}
#endif
