internal import AuraRuntime

/// The wall clock: the system's, or what servers say, and never going back when it changes from one to the other.
///
/// While servers say what time it is, it is made from the monotonic clock alone, so that no step of the system's clock is seen.
/// A correction of up to 128 ms is made up for at a tenth of the time that passes; where the clock is further behind, it
/// steps, and where it is ahead, however far, it slows down as ``WallClock`` does.
struct DisciplinedClock: Sendable {
    /// What the true time is taken to be.
    struct Correction: Sendable, Hashable {
        /// What has to be added to the monotonic clock, in nanoseconds.
        var offset: Int64
        /// How far the true time may lie from that to either side, in nanoseconds.
        var distance: Int64
        /// When that was so, on the monotonic clock in nanoseconds.
        var moment: Int64

        /// How far the true time may lie to either side at a later moment.
        func distance(at moment: Int64) -> Int64 {
            distance + NTPSample.drift(over: moment - self.moment)
        }
    }

    /// Corrections that are greater step the clock forward, in nanoseconds (STEPT of RFC 5905, section 7.2).
    private static let step: Int64 = 128_000_000

    private var wallClock = WallClock()
    private var correction: Correction?
    /// How far the clock has come on its way to the correction.
    private var applied: (offset: Int64, moment: Int64) = (0, 0)

    /// What the clock shows.
    ///
    /// - Parameters:
    ///   - system: What the system's clock shows now, in nanoseconds since 1970-01-01T00:00:00Z.
    ///   - monotonic: What the monotonic clock shows now, in nanoseconds.
    /// - Returns: The time, never before an earlier one, and how far the true time may lie to either side; `nil` while no
    ///   server has said so.
    mutating func read(system: Int64, monotonic: Int64) -> (wall: Int64, uncertainty: Int64?) {
        guard let correction else { return (wallClock.read(system: system, monotonic: monotonic), nil) }
        approach(correction, at: monotonic)
        let wall = wallClock.read(system: monotonic + applied.offset, monotonic: monotonic)
        let rest = abs(wall - (monotonic + correction.offset))
        return (wall, correction.distance(at: monotonic) + rest)
    }

    /// Corrects the clock, or with `nil` leaves it to the system's again.
    mutating func correct(by correction: Correction?, system: Int64, monotonic: Int64) {
        let shown = read(system: system, monotonic: monotonic).wall
        self.correction = correction
        applied = (shown - monotonic, monotonic)
    }

    private mutating func approach(_ correction: Correction, at monotonic: Int64) {
        let rest = correction.offset - applied.offset
        let elapsed = max(0, monotonic - applied.moment)
        // What is behind or far ahead is the wall clock's to make up for.
        let isSlewed = (1...Self.step).contains(rest)
        applied.offset += isSlewed ? min(rest, elapsed / 10) : rest
        applied.moment = max(applied.moment, monotonic)
    }
}
