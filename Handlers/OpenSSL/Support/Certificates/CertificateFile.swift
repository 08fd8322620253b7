#if OpenSSL
internal import AuraEffects

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The small files of identities and of trust: read whole, and replaced at once.
///
/// The calls block; they belong on an executor of the caller's own.
enum CertificateFile {
    /// The most bytes of a file that is read.
    static let sizeLimit = 4 * 1024 * 1024

    /// Who may read a file that is written.
    enum Audience: mode_t {
        /// Its owner alone.
        case owner = 0o600
        /// Everybody who may enter its folder.
        case everybody = 0o644
    }

    /// Who may do what to a file that is read; otherwise it is refused.
    enum Protection: mode_t {
        /// Others than its owner may neither read nor write it.
        case secret = 0o077
        /// Others than its owner may not write it.
        case trusted = 0o022
        /// Anything, since its content is checked by other means.
        case none = 0
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - protection: What others may not do to it.
    /// - Returns: The file's bytes.
    /// - Throws: ``EffectError``: `notFound`, `permissionDenied`, `unavailable` or, for a larger file, `corrupted`.
    static func contents(of path: String, _ protection: Protection) throws(EffectError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(reading: path) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw failure(reading: path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw EffectError(.invalidArgument, "\(path) is no regular file: put the file itself there.")
        }
        if protection != .none { try check(path, status, protection) }
        guard status.st_size <= sizeLimit else {
            throw EffectError(
                .corrupted,
                "\(path) is larger than \(ByteCount(bytes: sizeLimit)): it is not what it should be."
            )
        }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while bytes.count <= sizeLimit {
            let count = unsafe read(descriptor, &chunk, chunk.count)
            if count == 0 { break }
            if count > 0 {
                bytes.append(contentsOf: chunk[..<count])
            } else if errno != EINTR {
                throw failure(reading: path)
            }
        }
        return bytes
    }

    private static func check(_ path: String, _ status: stat, _ protection: Protection) throws(EffectError) {
        let mode = status.st_mode & 0o7777
        guard mode & protection.rawValue == 0 else {
            let advice =
                protection == .secret
                ? "run 'chmod 600 \(path)', and replace the key where somebody may have read it."
                : "run 'chmod go-w \(path)', and check what is in it."
            throw EffectError(
                .permissionDenied,
                "\(path) is open to others than its owner (mode \(String(mode, radix: 8))): \(advice)"
            )
        }
        try CertificateFolder.checkOwner(status, of: path)
    }

    /// Writes a file in place of one that is there, all of it or, should the machine crash, nothing.
    ///
    /// - Parameters:
    ///   - path: The file's path.
    ///   - bytes: The file's bytes.
    ///   - audience: Who may read it.
    /// - Throws: ``EffectError``.
    static func replace(_ path: String, with bytes: [UInt8], for audience: Audience) throws(EffectError) {
        let staged = path + stagedSuffix
        try stage(staged, bytes, for: audience)
        try move(staged, to: path)
    }

    /// What the name of a file ends with that is about to take another one's place.
    static let stagedSuffix = ".next"

    /// Writes a new file and waits until its bytes are on disk.
    static func stage(_ path: String, _ bytes: [UInt8], for audience: Audience) throws(EffectError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, audience.rawValue)
        guard descriptor >= 0 else { throw failure(writing: path) }
        defer { close(descriptor) }
        // What was left there by a crash, or the process's mask, may give it other permissions.
        guard fchmod(descriptor, audience.rawValue) == 0 else { throw failure(writing: path) }
        var offset = 0
        while offset < bytes.count {
            let count = unsafe bytes[offset...].withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                offset += count
            } else if errno != EINTR {
                throw failure(writing: path)
            }
        }
        guard fsync(descriptor) == 0 else { throw failure(writing: path) }
    }

    /// Gives a file another name of the same folder, in place of one that has it, and waits until that is on disk.
    static func move(_ path: String, to newPath: String) throws(EffectError) {
        guard unsafe rename(path, newPath) == 0 else { throw failure(writing: newPath) }
        try CertificateFolder.sync(CertificateFolder.parent(of: newPath))
    }

    // MARK: Failures

    private static func failure(reading path: String) -> EffectError {
        switch errno {
        case ENOENT, ENOTDIR: EffectError(.notFound, "There is no \(path).")
        case EACCES, EPERM: EffectError(.permissionDenied, "\(path) may not be read: change its owner or permissions.")
        default: EffectError(.unavailable, "\(path) cannot be read: \(reason).", isRetryable: false)
        }
    }

    static func failure(writing path: String) -> EffectError {
        switch errno {
        case ENOENT, ENOTDIR: EffectError(.notFound, "\(path) cannot be written: its folder is not there.")
        case EACCES, EPERM, EROFS:
            EffectError(.permissionDenied, "\(path) may not be written: change the owner or permissions of its folder.")
        case ENOSPC, EDQUOT: EffectError(.resourceExhausted, "\(path) cannot be written: the disk is full.")
        default: EffectError(.unavailable, "\(path) cannot be written: \(reason).", isRetryable: false)
        }
    }

    private static var reason: String {
        unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    }
}
#endif
