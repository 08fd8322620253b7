/// How the services of a ``SimulatedCloud`` answer; chances are shares from 0 to 1.
///
/// Everything here stays within the contracts of the services: an application that keeps to them bears it.
public struct CloudConditions: Sendable, Hashable {
    /// How long a call takes at least, to the service and back.
    public var latency = Duration.milliseconds(2)
    /// What is added to the latency at most; each call draws its share uniformly.
    public var jitter = Duration.zero
    /// The share of calls that take much longer.
    public var tailProbability = 0.0
    /// What is added to the latency of such a call at most.
    public var tailLatency = Duration.zero

    /// The chance of each call that the service is asked too often: `throttled`, and nothing has changed.
    public var throttled = 0.0
    /// The chance of each call that the service refuses it: `unavailable`, and nothing has changed.
    public var refused = 0.0
    /// The chance of each call that it gets lost on the way to the service, and nobody says so.
    public var lostRequests = 0.0
    /// The chance of each call that its answer gets lost: it took effect, and nobody says so.
    public var lostAnswers = 0.0
    /// After how long a caller gives up whose call or answer got lost.
    public var timeout = Duration.seconds(1)

    /// The chance of the body of an object that is read that it breaks off.
    public var brokenBodies = 0.0
    /// The chance of each delivery that the message is delivered to others too meanwhile, and of each function that nobody waits
    /// for that it runs twice; not with queues and topics that keep the order of groups.
    public var redelivered = 0.0
    /// The chance of each message that it overtakes others that were sent before; not with queues and topics that keep the order
    /// of groups.
    public var reordered = 0.0
    /// How far a read that is `eventual` lags behind at most, up to a minute.
    public var staleness = Duration.zero

    /// Creates conditions under which nothing goes wrong.
    public init() {}

    /// Nothing goes wrong, and every call takes two to four milliseconds.
    public static var calm: CloudConditions {
        var conditions = CloudConditions()
        conditions.jitter = .milliseconds(2)
        return conditions
    }

    /// Everything goes wrong now and then: some calls in a hundred fail in each of the ways, and take up to two seconds; messages
    /// come twice and out of order, and reads lag by up to a second.
    public static var rough: CloudConditions {
        var conditions = CloudConditions()
        conditions.latency = .milliseconds(5)
        conditions.jitter = .milliseconds(50)
        conditions.tailProbability = 0.02
        conditions.tailLatency = .seconds(2)
        conditions.throttled = 0.03
        conditions.refused = 0.02
        conditions.lostRequests = 0.02
        conditions.lostAnswers = 0.03
        conditions.brokenBodies = 0.02
        conditions.redelivered = 0.05
        conditions.reordered = 0.1
        conditions.staleness = .seconds(1)
        return conditions
    }
}

extension CloudConditions {
    /// These conditions, made worse.
    func degraded(by degradation: CloudDegradation) -> CloudConditions {
        var worse = self
        switch degradation {
        case .throttling(let chance): worse.throttled = max(throttled, chance)
        case .outage: worse.refused = 1
        case .lostAnswers(let chance): worse.lostAnswers = max(lostAnswers, chance)
        case .redelivery(let chance): worse.redelivered = max(redelivered, chance)
        }
        return worse
    }
}

/// What makes a cloud worse for a while.
public enum CloudDegradation: Sendable, Hashable {
    /// The chance of each call that it is throttled.
    case throttling(Double)
    /// Every call is refused.
    case outage
    /// The chance of each call that its answer gets lost.
    case lostAnswers(Double)
    /// The chance of each delivery that there is another one.
    case redelivery(Double)
}

/// A degradation that is under way on a ``SimulatedCloud``.
public struct CloudDisturbance: Sendable, Hashable {
    let number: UInt64
}

/// What a ``SimulatedCloud`` has done so far.
public struct CloudCounters: Sendable, Hashable {
    /// Calls of any kind.
    public var calls = 0
    /// Calls that were throttled.
    public var throttled = 0
    /// Calls that were refused.
    public var refused = 0
    /// Calls that got lost before they took effect.
    public var lostRequests = 0
    /// Calls that took effect, and whose answers got lost.
    public var lostAnswers = 0
    /// Bodies that broke off.
    public var brokenBodies = 0
    /// Messages that were delivered while somebody had them, and functions that ran twice.
    public var redelivered = 0
    /// Messages that overtook others.
    public var reordered = 0
    /// Reads that missed a change.
    public var staleReads = 0

    /// Creates counters that stand at zero.
    public init() {}
}
