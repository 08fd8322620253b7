internal import AuraEffects
internal import AuraRuntime

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// A file whose bytes are read from anywhere in it.
actor LocalFile {
    private static let chunkBytes = 262_144

    private let executor = HandlerExecutorFactory.threads.makeExecutor(label: "aura.file")
    private let path: String
    private let descriptor: Int32

    /// How many bytes the file had when it was opened.
    nonisolated let byteCount: Int
    /// When it was changed, in nanoseconds since 1970.
    nonisolated let modified: Int

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    /// Opens a file.
    ///
    /// - Throws: `notFound` and its like; `invalidArgument` for a folder and other things without a size.
    init(_ path: String) throws(EffectError) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileFailure.error("read", path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            let error = FileFailure.error("read", path)
            close(descriptor)
            throw error
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileFailure.error(.invalidArgument, "read", "'\(path)' is no file: copy its files one by one.")
        }
        byteCount = Int(status.st_size)
        #if canImport(Darwin)
        let time = status.st_mtimespec
        #else
        let time = status.st_mtim
        #endif
        // Seconds and nanoseconds: here the compiler does not find the members of a timespec.
        modified = unsafe withUnsafeBytes(of: time) { time in
            unsafe time.load(as: Int.self) * 1_000_000_000 + time.load(fromByteOffset: 8, as: Int.self)
        }
    }

    deinit {
        close(descriptor)
    }

    /// The bytes of a range as a body that can be delivered again.
    nonisolated func body(_ range: Range<Int>, whenRead note: @escaping @Sendable (Int) -> Void = { _ in })
        -> ByteStream
    {
        ByteStream(byteCount: range.count, isRepeatable: true) { offset throws(EffectError) in
            let count = min(Self.chunkBytes, range.count - offset)
            guard count > 0 else { return nil }
            let bytes = try await self.read(count, at: range.lowerBound + offset)
            note(bytes.count)
            return bytes
        }
    }

    private func read(_ count: Int, at offset: Int) throws(EffectError) -> [UInt8] {
        var result = 0
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            repeat {
                result = unsafe pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            } while result < 0 && errno == EINTR
            filled = max(0, result)
        }
        guard result >= 0 else { throw FileFailure.error("read", path) }
        guard result > 0 else {
            throw FileFailure.error(
                .conflict,
                "read",
                "'\(path)' was cut short while it was read: copy it again once nobody writes it."
            )
        }
        return bytes
    }
}
