/// How the servers of a ``SimulatedHTTPHandler`` answer; chances are shares from 0 to 1.
public struct HTTPConditions: Sendable, Hashable {
    /// How long an exchange takes at least, to the server and back.
    public var latency = Duration.milliseconds(2)
    /// What is added to the latency at most; each exchange draws its share uniformly.
    public var jitter = Duration.zero
    /// The chance of each request that no connection comes about: `unavailable`, and nothing has changed.
    public var refused = 0.0
    /// The chance of each request that the connection is reset before the server has it: `unavailable`, outcome `unknown`.
    public var resetRequests = 0.0
    /// The chance of each request that the server carries it out and the connection is reset before the answer comes:
    /// `unavailable`, outcome `unknown`.
    public var resetAnswers = 0.0
    /// The chance of each request that it is answered with 429 or 503 and a `Retry-After` of a second, and not carried out.
    public var throttled = 0.0
    /// The chance of each request that it is answered with 500 or 502, and not carried out.
    public var failed = 0.0
    /// The chance of each answer that its body breaks off after its first chunk.
    public var brokenBodies = 0.0

    /// Creates conditions under which nothing goes wrong.
    public init() {}

    /// Everything goes wrong now and then, some exchanges in a hundred in each of the ways.
    public static var rough: HTTPConditions {
        var conditions = HTTPConditions()
        conditions.latency = .milliseconds(5)
        conditions.jitter = .milliseconds(50)
        conditions.refused = 0.02
        conditions.resetRequests = 0.02
        conditions.resetAnswers = 0.03
        conditions.throttled = 0.03
        conditions.failed = 0.02
        conditions.brokenBodies = 0.02
        return conditions
    }
}

/// What a ``SimulatedHTTPHandler`` has done so far.
public struct HTTPCounters: Sendable, Hashable {
    /// Requests of any kind.
    public var requests = 0
    /// Requests without a connection.
    public var refused = 0
    /// Requests that were reset before the server had them.
    public var resetRequests = 0
    /// Requests that were carried out and reset before the answer came.
    public var resetAnswers = 0
    /// Requests that were answered with 429 or 503.
    public var throttled = 0
    /// Requests that were answered with 500 or 502.
    public var failed = 0
    /// Bodies that broke off.
    public var brokenBodies = 0
}
