/// Why an application cannot be recorded or replayed, with what to do about it.
public struct RecordingFailure: Error, Hashable, CustomStringConvertible {
    /// What kind of failure it is.
    public enum Kind: Hashable, Sendable {
        /// The recording's file cannot be made.
        case notWritable
        /// There is no recording at the path, or it cannot be read.
        case notReadable
        /// The file is no recording, or was altered.
        case damaged
        /// The application asked for other calls than the recorded ones.
        case diverged
    }

    /// What kind of failure it is.
    public let kind: Kind

    /// What is wrong and what to do next.
    public let message: String

    init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }

    /// The message.
    public var description: String { message }
}

extension RecordingFailure {
    /// The code that a process ends with.
    var exitCode: Int32 {
        switch kind {
        case .notWritable: ApplicationExit.notWritable
        case .notReadable: ApplicationExit.missing
        case .damaged: ApplicationExit.damaged
        case .diverged: ApplicationExit.diverged
        }
    }
}
