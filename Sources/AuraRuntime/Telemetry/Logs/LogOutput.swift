internal import Synchronization

/// Where log lines go: one line after the other, each whole.
public final class LogOutput: Sendable {
    /// The process's standard error stream.
    public static let standardError = LogOutput { Host.writeError($0) }

    /// The process's standard output.
    public static let standardOutput = LogOutput { Host.writeOutput($0) }

    private let lock = Mutex<Void>(())
    private let write: @Sendable ([UInt8]) -> Void

    /// Creates an output.
    ///
    /// - Parameter write: Takes a line with its end; it is never called by two tasks at once, and must not log itself.
    public init(_ write: @escaping @Sendable ([UInt8]) -> Void) {
        self.write = write
    }

    func writeLine(_ bytes: [UInt8]) {
        lock.withLock { _ in write(bytes) }
    }
}
