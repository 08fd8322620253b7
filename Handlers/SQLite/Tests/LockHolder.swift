#if SQLite
internal import CSQLite
internal import Testing

/// Holds the write lock of a database, as another process that stalls would.
@safe
final class LockHolder {
    private var handle: OpaquePointer?

    init(_ path: String) throws {
        try #require(unsafe sqlite3_open(path, &handle) == SQLITE_OK)
        try #require(unsafe sqlite3_exec(handle, "BEGIN IMMEDIATE", nil, nil, nil) == SQLITE_OK)
    }

    func release() {
        unsafe sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    deinit {
        unsafe sqlite3_close_v2(handle)
    }
}
#endif
