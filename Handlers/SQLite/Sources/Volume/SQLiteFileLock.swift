#if SQLite
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A lock that keeps every connection of other processes away from a database file, whether or not it is a sound one.
///
/// It covers the bytes that SQLite's own locks do; in WAL mode a connection holds one of those as long as it is open. Do not
/// take it where this process has a connection on the file: releasing it would release that one's locks too.
///
/// Source: https://sqlite.org/src/doc/trunk/src/os_unix.c, "PENDING_BYTE".
final class SQLiteFileLock: Sendable {
    private static let firstByte = 0x4000_0000
    private static let byteCount = 512

    private let descriptor: Int32

    /// Why a file could not be locked.
    enum Failure: Error {
        /// A process has the file open; which one is known on the machine's file system alone.
        case inUse(by: Int?)
        /// The file cannot be opened for writing.
        case cannotOpen
    }

    init(_ path: String) throws(Failure) {
        let opened = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard opened >= 0 else { throw .cannotOpen }
        descriptor = opened
        var range = Self.range
        guard unsafe fcntl(opened, F_SETLK, &range) != 0 else { return }
        range = Self.range
        _ = unsafe fcntl(opened, F_GETLK, &range)
        throw .inUse(by: Int(range.l_pid))
    }

    deinit {
        close(descriptor)
    }

    private static var range: flock {
        var range = flock()
        range.l_type = Int16(F_WRLCK)
        range.l_whence = Int16(SEEK_SET)
        range.l_start = off_t(firstByte)
        range.l_len = off_t(byteCount)
        return range
    }
}
#endif
