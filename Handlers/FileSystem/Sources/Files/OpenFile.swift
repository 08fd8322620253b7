internal import CFileSystem

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// An open file or folder, closed with its last reference.
final class OpenFile: Sendable {
    let descriptor: Int32
    /// How messages name it.
    let name: FileLabel

    /// Opens a file relative to a folder; a link in its place is refused.
    ///
    /// - Parameters:
    ///   - name: The file's name, or its path where `folder` is the working directory.
    ///   - folder: The folder, or `AT_FDCWD`.
    ///   - flags: How to open it.
    ///   - label: How messages name it.
    /// - Throws: ``FileFailure`` where it cannot be opened, or is a link.
    init(_ name: String, in folder: Int32, _ flags: Int32, label: FileLabel) throws(FileFailure) {
        descriptor = unsafe openat(folder, name, flags | O_NOFOLLOW | O_CLOEXEC, 0o600)
        self.name = label
        if descriptor < 0 { throw .system(label) }
    }

    /// Opens a file at a path below a folder; a link anywhere on it is refused.
    init(path: String, below folder: OpenFile, _ flags: Int32, label: FileLabel) throws(FileFailure) {
        descriptor = unsafe aura_open_without_links(folder.descriptor, path, flags)
        name = label
        if descriptor < 0 { throw .system(label) }
    }

    deinit {
        close(descriptor)
    }

    var size: Int {
        get throws(FileFailure) {
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { throw .system(name) }
            return Int(status.st_size)
        }
    }

    /// Reads up to `count` bytes: fewer at the end of the file.
    func read(_ count: Int, at offset: Int) throws(FileFailure) -> [UInt8] {
        var failure: FileFailure?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let rest = unsafe buffer.baseAddress.map { unsafe $0 + filled }
                let result = unsafe pread(descriptor, rest, count - filled, off_t(offset + filled))
                if result == 0 { return }
                if result > 0 {
                    filled += result
                } else if errno != EINTR {
                    failure = .system(name)
                    return
                }
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads the file's first bytes and those after them in one call.
    func read(_ count: Int, andThen restCount: Int) throws(FileFailure) -> ([UInt8], [UInt8]) {
        var first: [UInt8] = []
        var result = 0
        let rest = unsafe [UInt8](unsafeUninitializedCapacity: restCount) { restBuffer, restFilled in
            first = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                var parts = unsafe (
                    iovec(iov_base: buffer.baseAddress, iov_len: count),
                    iovec(iov_base: restBuffer.baseAddress, iov_len: restCount)
                )
                result = unsafe withUnsafeBytes(of: &parts) { parts in
                    unsafe preadv(descriptor, parts.baseAddress?.assumingMemoryBound(to: iovec.self), 2, 0)
                }
                filled = max(0, min(result, count))
                restFilled = max(0, result - count)
            }
        }
        if result == count + restCount { return (first, rest) }
        return (try read(count, at: 0), try read(restCount, at: count))
    }

    func write(_ bytes: [UInt8], at offset: Int) throws(FileFailure) {
        var written = 0
        while written < bytes.count {
            let result = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe buffer.baseAddress.map { unsafe $0 + written }
                return unsafe pwrite(descriptor, rest, buffer.count - written, off_t(offset + written))
            }
            if result >= 0 {
                written += result
            } else if errno != EINTR {
                throw .system(name)
            }
        }
    }

    func truncate(to size: Int) throws(FileFailure) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw .system(name) }
    }

    /// Waits until the file, and where it is a folder its names, are on disk.
    func sync() throws(FileFailure) {
        #if canImport(Darwin)
        // There fsync leaves the bytes in the drive's cache.
        guard fcntl(descriptor, F_FULLFSYNC) == 0 || fsync(descriptor) == 0 else { throw .system(name) }
        #else
        guard fsync(descriptor) == 0 else { throw .system(name) }
        #endif
    }

    /// Waits until the file's bytes are on disk.
    func syncData() throws(FileFailure) {
        #if canImport(Darwin)
        try sync()
        #else
        guard fdatasync(descriptor) == 0 else { throw .system(name) }
        #endif
    }

    /// Lets the system begin to write the file to disk.
    func startWriteback() {
        aura_start_writeback(descriptor)
    }

    // MARK: The lock

    /// Takes the file's exclusive lock.
    ///
    /// - Throws: ``FileFailure`` with `locked` where another handler holds it.
    func lock() throws(FileFailure) {
        switch aura_try_lock(descriptor) {
        case 1: return
        case 0: throw FileFailure(reason: .locked, file: name)
        default: throw .system(name)
        }
    }

    func unlock() {
        aura_unlock(descriptor)
    }
}
