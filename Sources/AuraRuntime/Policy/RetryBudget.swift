internal import Synchronization

/// Keeps repetitions from multiplying an overload: a bucket of tokens that failures empty and successes fill slowly.
///
/// A failure takes a token, a success gives a tenth of one back, and nothing is repeated while the bucket is at most half
/// full. A handler has one for all its operations. Source: gRPC's retry throttling (gRFC A6, "gRPC Retry Design"), with its
/// ratio of 0.1.
final class RetryBudget: Sendable {
    /// What the bucket counts in, so that a tenth of a token is a whole number.
    private static let unitsPerToken = 10
    private static let unitsPerSuccess = 1

    /// The tokens of a full bucket.
    static let capacity = 100

    private let units = Atomic(capacity * unitsPerToken)

    /// How many tokens are left.
    var tokens: Double { Double(units.load(ordering: .relaxed)) / Double(Self.unitsPerToken) }

    /// Takes note of a call that succeeded.
    func succeeded() {
        var current = units.load(ordering: .relaxed)
        while current < Self.capacity * Self.unitsPerToken {
            let (isDone, seen) = units.compareExchange(
                expected: current,
                desired: current + Self.unitsPerSuccess,
                ordering: .relaxed
            )
            if isDone { return }
            current = seen
        }
    }

    /// Takes note of a failure that might be repeated.
    ///
    /// - Returns: Whether it may be.
    func failed() -> Bool {
        var current = units.load(ordering: .relaxed)
        while true {
            let rest = max(0, current - Self.unitsPerToken)
            let (isDone, seen) = units.compareExchange(expected: current, desired: rest, ordering: .relaxed)
            if isDone { return rest > Self.capacity * Self.unitsPerToken / 2 }
            current = seen
        }
    }
}
