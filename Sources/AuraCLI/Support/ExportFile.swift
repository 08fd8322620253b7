internal import AuraEffects
internal import AuraRuntime
internal import AuraTransfer

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A file that appears under its name once it is complete and synced; an older one is there until then.
///
/// It is written beside its place, readable by its owner alone. What one that is resumable has kept is there for a later one.
actor ExportFile: ByteSink {
    private let executor = HandlerExecutorFactory.threads.makeExecutor(label: "aura.export")
    private let path: String
    private let partialPath: String
    private let descriptor: Int32
    private var isToBeRemoved = false

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Begins the file.
    ///
    /// - Parameters:
    ///   - path: Where it appears.
    ///   - isResumable: Whether ``resume(at:)`` says behind what it is written.
    /// - Throws: `conflict` where another process writes it just now.
    init(_ path: String, isResumable: Bool = false) throws(EffectError) {
        self.path = path
        partialPath = path + (isResumable ? ".aura-part" : ".partial")
        descriptor = unsafe open(partialPath, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw FileFailure.error("write", partialPath) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw FileFailure.error(.conflict, "write", "'\(path)': another command writes it just now.")
        }
        guard !isResumable else { return }
        isToBeRemoved = true
        guard ftruncate(descriptor, 0) == 0 else { throw FileFailure.error("write", partialPath) }
    }

    /// Writes behind the first bytes of what an earlier one has kept.
    ///
    /// - Parameter offset: How many bytes those are; zero begins anew.
    /// - Returns: Whether there are so many; nothing has changed where there are not.
    /// - Throws: ``EffectError`` where the file cannot be changed.
    @discardableResult
    func resume(at offset: Int) throws(EffectError) -> Bool {
        guard lseek(descriptor, 0, SEEK_END) >= off_t(offset) else { return false }
        guard ftruncate(descriptor, off_t(offset)) == 0, lseek(descriptor, 0, SEEK_END) == off_t(offset) else {
            throw FileFailure.error("write", partialPath)
        }
        isToBeRemoved = offset == 0
        return true
    }

    /// Has what is written so far stay, also where the file is not finished.
    func keep() throws(EffectError) {
        guard fsync(descriptor) == 0 else { throw FileFailure.error("write", partialPath) }
        isToBeRemoved = false
    }

    deinit {
        if isToBeRemoved { unsafe unlink(partialPath) }
        close(descriptor)
    }

    func write(_ bytes: [UInt8]) throws(EffectError) {
        try Descriptors.write(bytes, to: descriptor, partialPath)
    }

    func finish() throws(EffectError) {
        guard fsync(descriptor) == 0, unsafe rename(partialPath, path) == 0 else {
            throw FileFailure.error("write", path)
        }
        isToBeRemoved = false
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[...$0]) } ?? "."
        let opened = unsafe open(folder, O_RDONLY | O_CLOEXEC)
        defer { close(opened) }
        guard opened >= 0, fsync(opened) == 0 else { throw FileFailure.error("write", folder) }
    }
}

/// The standard output stream as an export's end.
actor ExportOutput: ByteSink {
    private let executor = HandlerExecutorFactory.threads.makeExecutor(label: "aura.output")

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    func write(_ bytes: [UInt8]) throws(EffectError) {
        try Descriptors.write(bytes, to: STDOUT_FILENO, "standard output")
    }

    func finish() {}
}

/// A file or the standard input stream as an import's beginning.
actor ImportFile: ByteSource {
    private let executor = HandlerExecutorFactory.threads.makeExecutor(label: "aura.import")
    private let path: String
    private let descriptor: Int32

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Opens the file at a path; `-` is the standard input stream.
    init(_ path: String) throws(EffectError) {
        self.path = path
        descriptor = unsafe path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure.error("read", path) }
    }

    deinit {
        close(descriptor)
    }

    func read(upTo count: Int) throws(EffectError) -> [UInt8] {
        var result = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            repeat { result = unsafe Descriptors.read(descriptor, buffer) } while result < 0 && errno == EINTR
            filled = max(0, result)
        }
        guard result >= 0 else { throw FileFailure.error("read", path) }
        return bytes
    }
}

enum Descriptors {
    static func write(_ bytes: [UInt8], to descriptor: Int32, _ path: String) throws(EffectError) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
                return unsafe systemWrite(descriptor, rest)
            }
            if count >= 0 {
                written += count
            } else if errno != EINTR {
                throw FileFailure.error("write", path)
            }
        }
    }

    private static func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Glibc)
        unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Musl)
        unsafe Musl.write(descriptor, bytes.baseAddress, bytes.count)
        #elseif canImport(Darwin)
        unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }

    static func read(_ descriptor: Int32, _ buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
        #if canImport(Glibc)
        unsafe Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Musl)
        unsafe Musl.read(descriptor, buffer.baseAddress, buffer.count)
        #elseif canImport(Darwin)
        unsafe Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}

enum FileFailure {
    /// What `errno` says now of an operation on a path.
    static func error(_ operation: String, _ path: String) -> EffectError {
        let number = errno
        let reason = unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
        let code: EffectError.Code =
            switch number {
            case ENOENT: .notFound
            case EACCES, EPERM, EROFS: .permissionDenied
            case ENOSPC, EDQUOT, EMFILE, ENFILE, ENOMEM: .resourceExhausted
            default: .unavailable
            }
        return error(code, operation, "'\(path)': \(reason).")
    }

    static func error(_ code: EffectError.Code, _ operation: String, _ message: String) -> EffectError {
        EffectError(code, message, effect: "file", operation: operation)
    }
}
