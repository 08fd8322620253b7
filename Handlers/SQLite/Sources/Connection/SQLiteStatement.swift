#if SQLite
internal import AuraEffects
internal import CSQLite

/// A prepared statement: the one owner of its handle.
///
/// Blobs and text are bound without copies: they are lent for the time of `body` in the `with…` methods.
@safe
final class SQLiteStatement {
    private let handle: OpaquePointer
    private unowned let connection: SQLiteConnection

    init(_ sql: String, on connection: SQLiteConnection) throws(SQLiteFailure) {
        var handle: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            connection.handle,
            sql,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &handle,
            nil
        )
        guard code == SQLITE_OK, let handle = unsafe handle else { throw connection.failure(code) }
        unsafe self.handle = handle
        self.connection = connection
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }

    // MARK: Binding; parameters count from 1

    func bind(_ value: Int64, at index: Int32) {
        unsafe sqlite3_bind_int64(handle, index, value)
    }

    func bind(_ value: Int, at index: Int32) {
        bind(Int64(value), at: index)
    }

    /// Binds the 64 bits as they are: SQLite's integers are signed.
    func bind(_ value: UInt64, at index: Int32) {
        bind(Int64(bitPattern: value), at: index)
    }

    /// Binds bytes that stay where they are until the statement is reset or bound anew.
    func bind(lending bytes: UnsafeRawBufferPointer, at index: Int32) {
        // A null pointer would bind NULL instead of an empty blob.
        if unsafe bytes.isEmpty {
            unsafe sqlite3_bind_zeroblob(handle, index, 0)
        } else {
            unsafe sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), nil)
        }
    }

    /// Binds bytes and lets SQLite keep a copy.
    func bind(copying bytes: [UInt8], at index: Int32) {
        if bytes.isEmpty {
            unsafe sqlite3_bind_zeroblob(handle, index, 0)
        } else {
            unsafe sqlite3_bind_blob64(handle, index, bytes, UInt64(bytes.count), Self.transient)
        }
    }

    // SQLITE_TRANSIENT is a cast macro that Swift cannot import.
    private static var transient: sqlite3_destructor_type {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }

    // MARK: Running

    /// Steps once: `true` where there is a row.
    func step() throws(SQLiteFailure) -> Bool {
        let code = unsafe sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw connection.failure(code)
    }

    /// Makes the statement ready to run again.
    func reset() {
        unsafe sqlite3_reset(handle)
    }

    /// Runs a statement that yields no rows and makes it ready to run again.
    func run() throws(SQLiteFailure) {
        defer { reset() }
        while try step() {}
    }

    /// Runs the statement and gives `body` each row, until it returns `false`.
    func forEachRow(_ body: (borrowing SQLiteRow) throws(SQLiteFailure) -> Bool) throws(SQLiteFailure) {
        defer { reset() }
        let row = unsafe SQLiteRow(handle: handle)
        while try step() {
            guard try body(row) else { return }
        }
    }

    /// Runs the statement and gives `body` each row, until it returns `false`.
    func forEachRow(
        at place: SQLitePlace,
        _ body: (borrowing SQLiteRow) throws(EffectError) -> Bool
    ) throws(EffectError) {
        defer { reset() }
        let row = unsafe SQLiteRow(handle: handle)
        while try place.mapping(step) {
            guard try body(row) else { return }
        }
    }

    /// Runs the statement and returns what `body` makes of its first row, or `nil` without one.
    func firstRow<Result>(_ body: (borrowing SQLiteRow) -> Result) throws(SQLiteFailure) -> Result? {
        defer { reset() }
        guard try step() else { return nil }
        return body(unsafe SQLiteRow(handle: handle))
    }
}

/// The current row of a statement; columns count from 0.
@safe
struct SQLiteRow: ~Copyable {
    private let handle: OpaquePointer

    init(handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    func int64(_ column: Int32) -> Int64 {
        unsafe sqlite3_column_int64(handle, column)
    }

    func int(_ column: Int32) -> Int {
        Int(int64(column))
    }

    func uint64(_ column: Int32) -> UInt64 {
        UInt64(bitPattern: int64(column))
    }

    func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(handle, column) == SQLITE_NULL
    }

    /// Lends a blob or a text's bytes.
    func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = unsafe sqlite3_column_blob(handle, column)
        let count = unsafe sqlite3_column_bytes(handle, column)
        return unsafe body(UnsafeRawBufferPointer(start: start, count: Int(count)))
    }

    func bytes(_ column: Int32) -> [UInt8] {
        unsafe withBytes(column) { unsafe [UInt8]($0) }
    }

    /// A digest; all zero where the bytes are not 32.
    func digest(_ column: Int32) -> SHA256Digest {
        unsafe withBytes(column) { bytes in
            unsafe bytes.count == SHA256Digest.byteCount ? SHA256Digest(loading: bytes) : .zero
        }
    }

    /// A number of 16 bytes, the highest first.
    func uint128(_ column: Int32) -> UInt128 {
        unsafe withBytes(column) { unsafe UInt128(bigEndianBytes: $0) }
    }

    func text(_ column: Int32) -> String {
        unsafe withBytes(column) { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
#endif
