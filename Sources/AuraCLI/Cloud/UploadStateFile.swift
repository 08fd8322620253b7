internal import AuraEffects
internal import AuraRuntime

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The file that an ``UploadState`` lies in.
actor UploadStateFile {
    private static let largest = 16 << 20

    private let executor = HandlerExecutorFactory.threads.makeExecutor(label: "aura.upload")
    let path: String

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(_ path: String) {
        self.path = path
    }

    /// The state; `nil` where there is no file, or none that this command has written.
    func load() throws(EffectError) -> UploadState? {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileFailure.error("read", path)
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe buffer.withUnsafeMutableBufferPointer { unsafe Descriptors.read(descriptor, $0) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileFailure.error("read", path) }
            if count == 0 || bytes.count > Self.largest { break }
            bytes += buffer[..<count]
        }
        return UploadState(String(decoding: bytes, as: UTF8.self))
    }

    /// Puts the state in the place of the one before.
    func save(_ state: UploadState) throws(EffectError) {
        let partial = path + ".partial"
        let descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            let error = FileFailure.error("write", partial)
            throw FileFailure.error(error.code, "write", "\(error.message) Name another place with '--state FILE'.")
        }
        defer { close(descriptor) }
        try Descriptors.write(Array(state.text.utf8), to: descriptor, partial)
        guard unsafe rename(partial, path) == 0 else { throw FileFailure.error("write", path) }
    }

    /// Removes the file of an upload that is done.
    func remove() {
        unsafe unlink(path)
    }
}
