internal import AuraEffects
internal import AuraRuntime

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// An open file that only grows, closed with its last reference.
///
/// Its calls block: they run on the executor that the handler's context gave.
final class LogFile {
    private(set) var path: String
    /// Where the next bytes go.
    private(set) var end: Int
    private let descriptor: Int32
    private let errors: HandlerErrors

    /// Opens a file, or makes an empty one; a link in its place is refused.
    init(_ path: String, _ errors: HandlerErrors, isNew: Bool = false) throws(EffectError) {
        self.path = path
        self.errors = errors
        let flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | (isNew ? O_TRUNC : 0)
        descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { throw Self.failure("open", path, errors) }
        end = Int(lseek(descriptor, 0, SEEK_END))
    }

    deinit {
        close(descriptor)
    }

    /// Takes the file for this process alone, until it is closed.
    func lock() throws(EffectError) {
        guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return }
        throw errors.error(
            .unavailable,
            in: "open",
            "'\(path)' is locked: another process has the log open. Stop it, or choose another path."
        )
    }

    /// Bytes of the file, or as many as there are before its end.
    func read(_ count: Int, at offset: Int, in operation: String) throws(EffectError) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: max(0, min(count, end - offset))) { buffer, filled in
            while filled < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...])
                let taken = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
                if taken > 0 {
                    filled += taken
                } else if taken == 0 || errno != EINTR {
                    failed = taken < 0
                    return
                }
            }
        }
        if failed { throw Self.failure(operation, path, errors) }
        return bytes
    }

    /// Adds bytes at the end.
    ///
    /// After a failure some of them may stand there: ``cut(at:in:)`` drops them.
    func append(_ bytes: [UInt8], in operation: String) throws(EffectError) {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
                return pwrite(descriptor, rest.baseAddress, rest.count, off_t(end + written))
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw Self.failure(operation, path, errors)
            }
        }
        end += bytes.count
    }

    /// Drops everything from an offset on.
    func cut(at offset: Int, in operation: String) throws(EffectError) {
        guard ftruncate(descriptor, off_t(offset)) == 0 else { throw Self.failure(operation, path, errors) }
        end = offset
    }

    /// Returns once everything that was appended is on the disk.
    func sync(in operation: String) throws(EffectError) {
        guard fsync(descriptor) == 0 else {
            var failure = Self.failure(operation, path, errors)
            failure.outcome = .unknown
            throw failure
        }
    }

    /// Puts this file in the place of another one, and returns once the folder says so on the disk.
    func replace(_ other: String) throws(EffectError) {
        guard rename(path, other) == 0 else { throw Self.failure("open", other, errors) }
        path = other
        try Self.syncFolder(of: other, errors)
    }

    /// Returns once a file's name is on the disk.
    static func syncFolder(of path: String, _ errors: HandlerErrors) throws(EffectError) {
        let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", folder, errors) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("open", folder, errors) }
    }

    /// What `errno` says.
    private static func failure(_ operation: String, _ path: String, _ errors: HandlerErrors) -> EffectError {
        let number = errno
        let code: EffectError.Code =
            switch number {
            case ENOENT, ENOTDIR: .notFound
            case EACCES, EPERM, EROFS: .permissionDenied
            case ELOOP, EISDIR: .invalidArgument
            case ENOSPC, EDQUOT, EFBIG, EMFILE, ENFILE, ENOMEM: .resourceExhausted
            default: .unavailable
            }
        return errors.error(code, in: operation, "'\(path)': \(String(cString: strerror(number))).")
    }
}
