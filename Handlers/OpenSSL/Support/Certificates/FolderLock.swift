#if OpenSSL
internal import AuraEffects

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The right to change the files of a folder, held by one at a time of all processes until its last reference is gone.
final class FolderLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock of a folder.
    ///
    /// - Parameter folder: The folder's path.
    /// - Throws: ``EffectError``, retryable with `unavailable` where another one holds it.
    init(_ folder: String) throws(EffectError) {
        let path = "\(folder)/.lock"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw CertificateFile.failure(writing: path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            // The descriptor is closed as this object goes: once more would take away another thread's.
            guard errno == EWOULDBLOCK else { throw CertificateFile.failure(writing: path) }
            throw EffectError(.unavailable, "Another process is changing \(folder): try again when it is done.")
        }
    }

    deinit {
        close(descriptor)
    }
}
#endif
