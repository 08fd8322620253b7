/// When to ask a server next.
///
/// A server is asked a few times in a row at the start and whenever it has to be heard anew, then in each interval; one that
/// does not answer is asked less and less often.
struct NTPSchedule: Sendable {
    /// How often servers are asked.
    struct Intervals: Sendable, Hashable {
        /// From one question to the next, in nanoseconds.
        var poll: Int64
        /// From one to the next of the first ones.
        var burst: Int64 = 2_000_000_000
    }

    /// The longest interval (MAXPOLL of RFC 5905, section 7.2).
    static let longestInterval: Int64 = 131_072_000_000_000
    /// How many questions are asked in a row.
    private static let burstCount = 4
    /// A server that does not answer is asked every 16th interval at least.
    private static let mostDoublings = 4

    /// When the next question is due, on the monotonic clock in nanoseconds.
    private(set) var next: Int64
    /// The last eight questions, a bit each, the last one lowest: set where it was answered.
    private(set) var reach: UInt8 = 0
    /// How many questions in a row were not answered.
    private(set) var unanswered = 0
    /// Whether not one of as many questions as are asked in a row was answered of late.
    var isSilent: Bool { unanswered >= Self.burstCount }
    private let intervals: Intervals
    /// No shorter than a server that was asked too often wants it.
    private var shortest: Int64
    private var burst = Self.burstCount
    private var takesBursts = true

    init(_ intervals: Intervals, now: Int64) {
        self.intervals = intervals
        shortest = min(intervals.poll, Self.longestInterval)
        next = now
    }

    /// Takes note of an answer.
    ///
    /// - Parameters:
    ///   - now: The moment.
    ///   - isNews: Whether the server contradicts itself, and so has to be heard some times more.
    mutating func answered(at now: Int64, isNews: Bool) {
        if takesBursts, isNews || unanswered > Self.burstCount { burst = Self.burstCount }
        reach = reach << 1 | 1
        unanswered = 0
        next = now + pause
    }

    /// Takes note that there was no answer.
    mutating func missed(at now: Int64) {
        reach <<= 1
        unanswered += 1
        let doublings = max(0, min(unanswered - Self.burstCount, Self.mostDoublings))
        next = now + min(pause << doublings, Self.longestInterval)
    }

    /// Takes note that the server is asked too often.
    mutating func slowDown(at now: Int64) {
        burst = 0
        takesBursts = false
        shortest = min(shortest * 2, Self.longestInterval)
        reach = reach << 1 | 1
        unanswered = 0
        next = now + shortest
    }

    /// The time to the next question, which counts it.
    private var pause: Int64 {
        mutating get {
            burst = max(0, burst - 1)
            return burst > 0 ? min(intervals.burst, shortest) : shortest
        }
    }
}
