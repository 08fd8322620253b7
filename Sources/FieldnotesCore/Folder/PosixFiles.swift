internal import AuraEffects

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// An open file, closed with the value.
struct FileDescriptor: ~Copyable {
    private let number: Int32

    init(opening path: String, _ flags: Int32, _ operation: String) throws(EffectError) {
        number = unsafe open(path, flags | O_CLOEXEC, 0o666)
        guard number >= 0 else { throw PosixFailure(operation, path).error }
    }

    deinit {
        close(number)
    }

    func status(_ path: String, _ operation: String) throws(EffectError) -> FileStatus {
        var status = stat()
        guard unsafe fstat(number, &status) == 0 else { throw PosixFailure(operation, path).error }
        return FileStatus(status)
    }

    func read(from offset: Int, limit: Int, _ path: String) throws(EffectError) -> [UInt8] {
        var failure: PosixFailure?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, filled in
            while filled < limit {
                let rest = unsafe UnsafeMutableRawBufferPointer(
                    rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]
                )
                let count = unsafe pread(number, rest.baseAddress, rest.count, off_t(offset + filled))
                if count == 0 { return }
                if count > 0 {
                    filled += count
                } else if errno != EINTR {
                    failure = PosixFailure("read", path)
                    return
                }
            }
        }
        if let failure { throw failure.error }
        return bytes
    }

    func write(_ bytes: [UInt8], _ path: String) throws(EffectError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
                return unsafe Self.write(number, rest)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw PosixFailure("replace", path).error
            }
        }
    }

    private static func write(_ number: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        unsafe Glibc.write(number, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
        unsafe Musl.write(number, bytes.baseAddress, bytes.count)
        #elseif canImport(Darwin)
        unsafe Darwin.write(number, bytes.baseAddress, bytes.count)
        #endif
    }
}

/// What the file system says of a file.
struct FileStatus {
    var kind: FolderItem.Kind
    var byteCount: Int
    var modified: UInt64

    /// The status of what lies at a path; a link is not followed.
    init(_ path: String, _ operation: String) throws(EffectError) {
        var status = stat()
        guard unsafe lstat(path, &status) == 0 else { throw PosixFailure(operation, path).error }
        self.init(status)
    }

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
        byteCount = Int(status.st_size)
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        modified = time.tv_sec < 0 ? 0 : UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec / 1_000_000)
    }
}

/// The names in a folder.
enum FolderNames {
    /// The first names after one, in the order of their bytes, and how many names are not UTF-8.
    ///
    /// Memory is bounded by `limit`, however many names there are.
    static func first(
        _ limit: Int,
        of folder: String,
        after name: String?
    ) throws(EffectError) -> (names: [String], unreadable: Int) {
        guard let stream = unsafe opendir(folder) else { throw PosixFailure("list", folder).error }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        var unreadable = 0
        errno = 0
        while let entry = unsafe readdir(stream) {
            let text = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { buffer in
                unsafe String(validating: buffer.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let text else {
                unreadable += 1
                continue
            }
            if text == "." || text == ".." { continue }
            if let name, !precedes(name, text) { continue }
            names.append(text)
            if names.count >= 2 * limit { keepFirst(limit, of: &names) }
            errno = 0
        }
        guard errno == 0 else { throw PosixFailure("list", folder).error }
        keepFirst(limit, of: &names)
        return (names, unreadable)
    }

    private static func keepFirst(_ limit: Int, of names: inout [String]) {
        names.sort(by: precedes)
        if names.count > limit { names.removeSubrange(limit...) }
    }

    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

/// A failed POSIX call, told as an ``EffectError``.
struct PosixFailure {
    let error: EffectError

    /// What `errno` says now of an operation on a path.
    init(_ operation: String, _ path: String) {
        let number = errno
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
        let code: EffectError.Code =
            switch number {
            case ENOENT: .notFound
            case EACCES, EPERM, EROFS: .permissionDenied
            case EEXIST: .conflict
            case ENOTDIR, EISDIR, ELOOP, ENAMETOOLONG, EINVAL: .invalidArgument
            case ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM: .resourceExhausted
            default: .unavailable
            }
        error = Self.error(code, operation, "'\(path)': \(reason).")
    }

    static func error(_ code: EffectError.Code, _ operation: String, _ message: String) -> EffectError {
        EffectError(
            code,
            message,
            effect: FolderEffect.name,
            operation: operation,
            handler: PosixFolderHandler.technology
        )
    }
}
