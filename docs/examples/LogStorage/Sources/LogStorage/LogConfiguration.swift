public import AuraEffects

/// Where a log is and how it is written.
public struct LogConfiguration: Sendable, Hashable {
    /// The file, in a folder that exists.
    ///
    /// Beside it there may be files with `.lock` and `.new` added to its name.
    public var path: String
    /// Whether a write returns only once it is on the disk.
    public var isSynced: Bool
    /// How many bytes may be of overwritten and removed values before opening the log writes it anew.
    public var garbage: ByteCount

    /// Creates a configuration.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - isSynced: Whether a write returns only once it is on the disk.
    ///   - garbage: How many bytes may be of overwritten and removed values before opening the log writes it anew.
    public init(path: String, isSynced: Bool = true, garbage: ByteCount = .mebibytes(1)) {
        self.path = path
        self.isSynced = isSynced
        self.garbage = garbage
    }
}
