/// A clock that runs a little faster or slower than another, in nanoseconds of each.
struct DriftingClock: Sendable {
    /// By how many millionths it is faster; slower where negative.
    private(set) var drift: Int64
    // Where both clocks were when the drift was set.
    private var baseStart: Int64
    private var start: Int64

    /// Creates a clock that shows zero at a moment of the other.
    init(drift: Int64, at base: Int64) {
        self.drift = Self.checked(drift)
        baseStart = base
        start = 0
    }

    /// What it shows at a moment of the other.
    func reading(at base: Int64) -> Int64 {
        let elapsed = base - baseStart
        // Two products, since one would overflow.
        return start + elapsed / Self.million * speed + elapsed % Self.million * speed / Self.million
    }

    /// The first moment of the other at which it shows `reading` or more; cut at the limits of `Int64`.
    func moment(of reading: Int64) -> Int64 {
        let (wait, overflow) = reading.subtractingReportingOverflow(start)
        let (whole, wholeOverflow) = (wait / speed).multipliedReportingOverflow(by: Self.million)
        let rest = (wait % speed * Self.million + speed - 1) / speed
        let (elapsed, elapsedOverflow) = whole.addingReportingOverflow(rest)
        let (moment, momentOverflow) = baseStart.addingReportingOverflow(elapsed)
        guard overflow || wholeOverflow || elapsedOverflow || momentOverflow else { return moment }
        return reading < start ? .min : .max
    }

    /// Goes on from what it shows at another speed.
    mutating func setDrift(_ drift: Int64, at base: Int64) {
        start = reading(at: base)
        baseStart = base
        self.drift = Self.checked(drift)
    }

    private static func checked(_ drift: Int64) -> Int64 {
        precondition(drift > -million, "A drift of \(drift) millionths stops the clock: it must be above -1,000,000.")
        return drift
    }

    private static let million: Int64 = 1_000_000

    private var speed: Int64 { Self.million + drift }
}
