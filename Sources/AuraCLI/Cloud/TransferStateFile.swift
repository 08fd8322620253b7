internal import AuraEffects
internal import AuraRuntime

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// How far a transfer is, as text.
protocol TransferState: Sendable {
    var text: String { get }

    /// Reads a state; `nil` where the text is none.
    init?(_ text: String)
}

/// The file that the state of a transfer lies in.
actor TransferStateFile<State: TransferState> {
    private static var largest: Int { 16 << 20 }

    private let executor = HandlerExecutorFactory.threads.makeExecutor(label: "aura.transfer")
    let path: String

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    init(_ path: String) {
        self.path = path
    }

    /// The state; `nil` where there is no file, or none that this command has written.
    func load() throws(EffectError) -> State? {
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
        return State(String(decoding: bytes, as: UTF8.self))
    }

    /// Puts the state in the place of the one before.
    func save(_ state: State) throws(EffectError) {
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

    /// Removes the file of a transfer that is done.
    func remove() {
        unsafe unlink(path)
    }
}
