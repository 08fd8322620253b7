/// A moment as NTP writes it: seconds since 1900 in the upper 32 bits, fractions of a second in the lower.
///
/// It begins anew every 136 years. Source: RFC 5905, section 6.
struct NTPTimestamp: RawRepresentable, Sendable, Hashable {
    let rawValue: UInt64

    /// From 1900-01-01 to 1970-01-01.
    private static let secondsBeforeEpoch: Int64 = 2_208_988_800
    private static let era: Int64 = 1 << 32
    private static let second: Int64 = 1_000_000_000

    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// The timestamp of a moment.
    ///
    /// - Parameter nanosecondsSinceEpoch: Nanoseconds since 1970-01-01T00:00:00Z.
    init(nanosecondsSinceEpoch: Int64) {
        let (seconds, nanoseconds) = Self.floored(nanosecondsSinceEpoch, by: Self.second)
        let fraction = (UInt64(nanoseconds) << 32) / UInt64(Self.second)
        rawValue = UInt64(truncatingIfNeeded: seconds + Self.secondsBeforeEpoch) << 32 | fraction
    }

    /// The moment in the era that puts it nearest to a reference.
    ///
    /// - Parameter reference: Nanoseconds since 1970-01-01T00:00:00Z.
    /// - Returns: Nanoseconds since 1970-01-01T00:00:00Z.
    func nanosecondsSinceEpoch(near reference: Int64) -> Int64 {
        let inFirstEra = Int64(rawValue >> 32) - Self.secondsBeforeEpoch
        let (eras, _) = Self.floored(reference / Self.second - inFirstEra + Self.era / 2, by: Self.era)
        let nanoseconds = ((rawValue & 0xFFFF_FFFF) * UInt64(Self.second) + (1 << 31)) >> 32
        // An era beyond the range of nanoseconds in 64 bits is none that a reference lies in.
        return (inFirstEra + eras * Self.era) &* Self.second &+ Int64(nanoseconds)
    }

    private static func floored(_ value: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
