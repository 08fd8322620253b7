#if PostgreSQL
internal import AuraEffects
internal import CPostgreSQL

/// What one statement answered, in binary format: the one owner of its memory.
@safe
final class PostgreSQLResult {
    private let handle: OpaquePointer
    let rowCount: Int

    init(_ handle: OpaquePointer) {
        unsafe self.handle = handle
        rowCount = unsafe Int(PQntuples(handle))
    }

    deinit {
        unsafe PQclear(handle)
    }

    /// How many rows the statement changed.
    var changedRows: Int { unsafe Int(String(cString: PQcmdTuples(handle))) ?? 0 }

    /// The rows in order.
    var rows: some Sequence<PostgreSQLRow> {
        (0..<rowCount).lazy.map { PostgreSQLRow(result: self, index: $0) }
    }

    /// The first row; `nil` where there is none.
    var first: PostgreSQLRow? { rowCount > 0 ? PostgreSQLRow(result: self, index: 0) : nil }

    fileprivate func isNull(_ row: Int, _ column: Int) -> Bool {
        unsafe PQgetisnull(handle, Int32(row), Int32(column)) != 0
    }

    fileprivate func buffer(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(
            start: PQgetvalue(handle, Int32(row), Int32(column)),
            count: Int(PQgetlength(handle, Int32(row), Int32(column)))
        )
    }

    fileprivate func load<Integer: FixedWidthInteger & BitwiseCopyable>(
        _ row: Int,
        _ column: Int,
        as type: Integer.Type
    ) -> Integer {
        let bytes = unsafe buffer(row, column)
        guard bytes.count == MemoryLayout<Integer>.size else { return 0 }
        return unsafe Integer(bigEndian: bytes.loadUnaligned(as: Integer.self))
    }
}

/// A row of an answer; columns count from 0.
struct PostgreSQLRow {
    let result: PostgreSQLResult
    let index: Int

    func isNull(_ column: Int) -> Bool { result.isNull(index, column) }
    func int64(_ column: Int) -> Int64 { result.load(index, column, as: Int64.self) }
    func int32(_ column: Int) -> Int32 { result.load(index, column, as: Int32.self) }
    func uint64(_ column: Int) -> UInt64 { UInt64(bitPattern: int64(column)) }
    func int(_ column: Int) -> Int { Int(int64(column)) }
    func uuid(_ column: Int) -> UInt128 { result.load(index, column, as: UInt128.self) }
    func bool(_ column: Int) -> Bool { result.load(index, column, as: UInt8.self) != 0 }
    func bytes(_ column: Int) -> [UInt8] { unsafe withBytes(column) { unsafe [UInt8]($0) } }
    func text(_ column: Int) -> String { unsafe withBytes(column) { unsafe String(decoding: $0, as: UTF8.self) } }

    /// The digest in a column; all zero where there are not 32 bytes.
    func digest(_ column: Int) -> SHA256Digest {
        unsafe withBytes(column) { bytes in
            guard bytes.count == SHA256Digest.byteCount else { return .zero }
            return unsafe SHA256Digest(loading: bytes)
        }
    }

    /// Lends a column's bytes.
    func withBytes<Result>(_ column: Int, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        unsafe body(result.buffer(index, column))
    }
}
#endif
