public import AuraEffects
internal import Synchronization

/// How far a service's clock is from ours: signed requests are dated by the service's.
///
/// It stays zero until the service refuses a request for its date.
public final class ClockSkew: Sendable {
    private let time: any TimeEffects
    private let offset = Atomic<Int64>(0)

    /// Creates a skew of zero.
    ///
    /// - Parameter time: Our clock.
    public init(time: any TimeEffects) {
        self.time = time
    }

    /// The service's clock, as far as we know.
    public var now: WallTime {
        let now = time.now
        let (sum, isOver) = now.nanosecondsSinceEpoch.addingReportingOverflow(offset.load(ordering: .relaxed))
        return isOver ? now : WallTime(nanosecondsSinceEpoch: sum)
    }

    /// Takes the service's clock over.
    ///
    /// - Parameter date: What the service's clock said just now.
    public func correct(to date: WallTime) {
        let (difference, isOver) = date.nanosecondsSinceEpoch.subtractingReportingOverflow(
            time.now.nanosecondsSinceEpoch
        )
        guard !isOver else { return }
        offset.store(difference, ordering: .relaxed)
    }
}
