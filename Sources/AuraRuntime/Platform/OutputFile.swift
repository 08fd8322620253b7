#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A file that is written from its start to its end, closed with its last reference.
///
/// Its calls block: they belong on a thread of its own.
package final class OutputFile: Sendable {
    /// Why a file cannot be made or written.
    package enum Failure: Error, Hashable {
        /// There is one already.
        case exists
        /// The disk or the user's share of it is full.
        case full
        /// Another reason, in the system's words.
        case other(String)
    }

    private let descriptor: Int32

    /// Makes a file that its owner alone may read and write.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - replaces: Whether to empty a file that is there; otherwise there must be none.
    /// - Throws: ``Failure``.
    package init(_ path: String, replaces: Bool) throws(Failure) {
        let flags = O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (replaces ? O_TRUNC : O_EXCL)
        descriptor = unsafe open(path, flags, 0o600)
        guard descriptor >= 0 else { throw Self.failure() }
        // A file that was there keeps its permissions otherwise.
        if replaces && fchmod(descriptor, 0o600) != 0 { throw Self.failure() }
    }

    deinit {
        close(descriptor)
    }

    /// Writes bytes at the end.
    package func append(_ bytes: [UInt8]) throws(Failure) {
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes[offset...].withUnsafeBytes { unsafe systemWrite(descriptor, $0) }
            if count >= 0 {
                offset += count
            } else if errno != EINTR {
                throw Self.failure()
            }
        }
    }

    /// Waits until everything that was written is on the disk.
    package func sync() throws(Failure) {
        // A pipe or a device has nothing to sync.
        guard fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS else { throw Self.failure() }
    }

    private static func failure() -> Failure {
        switch errno {
        case EEXIST: .exists
        case ENOSPC, EDQUOT: .full
        default: .other(unsafe String(cString: strerror(errno)))
        }
    }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
    unsafe write(descriptor, bytes.baseAddress, bytes.count)
}
