public import AuraEffects

/// Where to record an application's calls.
public struct RecordingOptions: Sendable, Hashable {
    /// The largest recording where nothing else is said: 1 GiB.
    public static let defaultLimit = ByteCount.gibibytes(1)

    /// The least limit that makes sense.
    static let leastLimit = ByteCount.kibibytes(64)

    /// The recording's file.
    public var path: String
    /// How large the file may become; the recording ends there, and the application goes on.
    public var limit: ByteCount
    /// Whether to overwrite a file that is there.
    public var replaces: Bool

    /// Creates options.
    ///
    /// - Parameters:
    ///   - path: The recording's file.
    ///   - limit: How large the file may become.
    ///   - replaces: Whether to overwrite a file that is there.
    public init(path: String, limit: ByteCount = Self.defaultLimit, replaces: Bool = false) {
        self.path = path
        self.limit = limit
        self.replaces = replaces
    }
}
