/// A moment of a clock that never goes back; its zero means nothing outside the process.
public struct MonotonicInstant: InstantProtocol, Sendable, Hashable, Codable {
    /// Nanoseconds since the clock's own zero.
    public var nanoseconds: Int64

    /// Creates a moment.
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The moment that lies `duration` later, cut at the limits of `Int64`: a time-out of "for ever" is one.
    public func advanced(by duration: Duration) -> MonotonicInstant {
        let step = duration.nanoseconds
        let (sum, overflow) = nanoseconds.addingReportingOverflow(step)
        return MonotonicInstant(nanoseconds: overflow ? (step < 0 ? .min : .max) : sum)
    }

    /// The time from this moment to `other`.
    public func duration(to other: MonotonicInstant) -> Duration {
        .nanoseconds(other.nanoseconds) - .nanoseconds(nanoseconds)
    }

    /// Whether the left moment is the earlier one.
    public static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension Duration {
    /// The duration in whole nanoseconds, cut at the limits of `Int64` (292 years).
    package var nanoseconds: Int64 {
        // Dividing 128 bits costs more than all else that measuring a call does; nine seconds fit into 64.
        if let attoseconds = Int64(exactly: attoseconds) { return attoseconds / 1_000_000_000 }
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, sumOverflow) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !sumOverflow else { return seconds < 0 ? .min : .max }
        return sum
    }
}
