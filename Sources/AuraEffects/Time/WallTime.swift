/// A moment of the wall clock, with how far off it may be.
public struct WallTime: Sendable, Hashable, Codable {
    /// Nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted (POSIX time).
    public var nanosecondsSinceEpoch: Int64

    /// How far the true time may lie to either side; `nil` where the handler cannot tell.
    public var uncertainty: Duration?

    /// Creates a moment.
    ///
    /// - Parameters:
    ///   - nanosecondsSinceEpoch: Nanoseconds since 1970-01-01T00:00:00Z.
    ///   - uncertainty: How far the true time may lie to either side.
    public init(nanosecondsSinceEpoch: Int64, uncertainty: Duration? = nil) {
        self.nanosecondsSinceEpoch = nanosecondsSinceEpoch
        self.uncertainty = uncertainty
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, rounded down; zero for a moment before.
    public var millisecondsSinceEpoch: UInt64 {
        nanosecondsSinceEpoch < 0 ? 0 : UInt64(nanosecondsSinceEpoch / 1_000_000)
    }
}
