#if PostgreSQL
internal import AuraEffects

/// How many connections a pool keeps, and for how long.
struct PoolConfiguration: Sendable {
    /// How many connections are kept open also while nobody uses them.
    var minimum = 1
    /// The most connections at any time; those that are being opened or closed count.
    var maximum = 8
    /// How long a connection beyond the minimum may be idle before it is closed.
    var idleTime = Duration.seconds(60)
    /// How long an idle connection is trusted without a sign of life.
    var keepAliveInterval = Duration.seconds(30)
    /// The most callers that wait for a connection.
    var waiterLimit = 10_000
    /// How long a caller waits at most, also where its own deadline is later or none.
    var longestWait = Duration.seconds(30)
    /// The bound of the pause after the first failed attempt to open a connection; it doubles with each further one.
    var firstPause = Duration.milliseconds(100)
    /// The largest bound of a pause between two attempts.
    var longestPause = Duration.seconds(10)

    /// The setting that sets ``maximum``, as messages call it.
    var maximumSetting = "connections"

    /// Stops the process where the numbers contradict each other: handlers check their settings first.
    func validate() {
        precondition(maximum >= 1 && (0...maximum).contains(minimum), "A pool has room for its minimum, and for one.")
        precondition(idleTime > .zero && keepAliveInterval > .zero, "Times of idle connections are above zero.")
        precondition(waiterLimit >= 0 && longestWait >= .zero, "The bounds on waiting are not negative.")
        precondition(firstPause > .zero && longestPause >= firstPause, "Pauses are above zero and grow.")
    }
}
#endif
