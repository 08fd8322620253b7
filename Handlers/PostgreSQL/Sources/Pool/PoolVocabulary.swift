#if PostgreSQL
internal import AuraEffects

/// A connection of one pool; a number never comes back.
struct PoolConnectionID: Hashable, Comparable, Sendable {
    var number: UInt64

    static func < (left: PoolConnectionID, right: PoolConnectionID) -> Bool { left.number < right.number }
}

/// A caller's request for a connection; whoever asks numbers them.
struct PoolWaiterID: Hashable, Comparable, Sendable {
    var number: UInt64

    static func < (left: PoolWaiterID, right: PoolWaiterID) -> Bool { left.number < right.number }
}

/// What happens to a pool.
enum PoolEvent: Sendable {
    /// The pool begins to serve.
    case started
    /// A caller asks for a connection, and waits until `deadline` at most.
    case leaseRequested(PoolWaiterID, deadline: MonotonicInstant?)
    /// A caller no longer waits.
    case leaseWithdrawn(PoolWaiterID)
    /// A caller has given its connection back.
    case returned(PoolConnectionID, isUsable: Bool)
    /// A connection was opened.
    case opened(PoolConnectionID)
    /// A connection could not be opened.
    ///
    /// `jitter` is random, from 0 to below 1: it keeps several processes from trying again at the same moments.
    case openingFailed(PoolConnectionID, EffectError, jitter: Double)
    /// A ping was answered, or not.
    case pingFinished(PoolConnectionID, isAlive: Bool)
    /// A connection is closed.
    case closed(PoolConnectionID)
    /// The timer has come to the moment that it was set to, or near it.
    case timerFired
    /// The pool lends no more connections, and closes them as they come back.
    case drain
}

/// What a pool asks of its owner.
enum PoolCommand: Sendable {
    /// Open a connection; ``PoolEvent/opened(_:)`` or ``PoolEvent/openingFailed(_:_:jitter:)`` answers.
    case open(PoolConnectionID)
    /// Ask a connection for a sign of life; ``PoolEvent/pingFinished(_:isAlive:)`` answers.
    case ping(PoolConnectionID)
    /// Close a connection; ``PoolEvent/closed(_:)`` answers.
    case close(PoolConnectionID)
    /// Lend a connection to a caller.
    case give(PoolConnectionID, to: PoolWaiterID)
    /// Tell a caller that it gets none.
    case refuse(PoolWaiterID, PoolRefusal)
    /// Send ``PoolEvent/timerFired`` at this moment, and no longer at the one before.
    case setTimer(MonotonicInstant)
    /// Nothing is left of the pool; no command follows.
    case drained
}

/// Why a caller gets no connection.
enum PoolRefusal: Error, Sendable {
    /// The caller has withdrawn.
    case withdrawn
    /// None was free before the deadline; the last failed attempt to open one, where none has succeeded since.
    case expired(PoolCounts, EffectError?)
    /// As many callers wait as may.
    case tooManyWaiting(PoolCounts)
    /// None is open, and none can be opened without a change of settings or rights.
    case cannotOpen(EffectError)
    /// The pool was not started.
    case notStarted
    /// The pool drains.
    case stopped
}

/// How many connections a pool has in each phase, and how many callers wait.
struct PoolCounts: Equatable, Sendable {
    var opening = 0
    var idle = 0
    var leased = 0
    var pinging = 0
    var closing = 0
    var waiting = 0

    /// The connections that are open and not given up.
    var open: Int { idle + leased + pinging }
    /// The connections that a server may know of.
    var total: Int { open + opening + closing }
}
#endif
