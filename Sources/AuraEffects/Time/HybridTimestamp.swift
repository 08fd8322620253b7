/// A hybrid logical timestamp: wall-clock milliseconds in the upper 48 bits, a counter in the lower 16.
///
/// Source: Kulkarni, Demirbas et al., "Logical Physical Clocks" (OPODIS 2014).
public struct HybridTimestamp: RawRepresentable, Sendable, Hashable, Comparable, Codable {
    /// Milliseconds ‖ counter.
    public let rawValue: UInt64

    /// Creates a timestamp from its packed form.
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Creates a timestamp.
    ///
    /// - Parameters:
    ///   - milliseconds: Milliseconds since 1970-01-01T00:00:00Z; the lowest 48 bits count.
    ///   - counter: Which of the timestamps within that millisecond.
    public init(milliseconds: UInt64, counter: UInt16) {
        rawValue = milliseconds << 16 | UInt64(counter)
    }

    /// Before every other timestamp.
    public static let zero = HybridTimestamp(rawValue: 0)

    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: UInt64 { rawValue >> 16 }

    /// Which of the timestamps within the millisecond.
    public var counter: UInt16 { UInt16(truncatingIfNeeded: rawValue) }

    /// Whether the left timestamp is the earlier one.
    public static func < (left: HybridTimestamp, right: HybridTimestamp) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// Issues timestamps that always increase, whatever the wall clock does.
public struct HybridLogicalClock: Sendable {
    /// The last timestamp issued or observed.
    public private(set) var last: HybridTimestamp

    /// Creates a clock that goes on after `last`.
    public init(last: HybridTimestamp = .zero) {
        self.last = last
    }

    /// The next timestamp: the wall clock's where that is ahead, otherwise the one right after the last.
    ///
    /// - Parameter now: The wall clock.
    /// - Returns: A timestamp later than every one issued or observed before.
    public mutating func tick(_ now: WallTime) -> HybridTimestamp {
        let wall = HybridTimestamp(milliseconds: now.millisecondsSinceEpoch, counter: 0)
        // A full counter carries into the milliseconds: the timestamp still increases.
        last = max(wall, HybridTimestamp(rawValue: last.rawValue + 1))
        return last
    }

    /// Takes note of a timestamp from elsewhere, so that the next one issued is later.
    public mutating func observe(_ timestamp: HybridTimestamp) {
        last = max(last, timestamp)
    }
}
