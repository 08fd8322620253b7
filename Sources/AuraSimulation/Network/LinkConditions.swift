public import AuraEffects
internal import AuraMemory

/// How one peer's messages reach another: the two directions between two peers are two links.
public struct LinkConditions: Sendable, Hashable {
    /// How long every message is under way at least.
    public var latency: Duration
    /// What is added to the latency at most; each message draws its share uniformly.
    public var jitter: Duration
    /// The share of messages, from 0 to 1, that are under way for much longer.
    public var tailProbability: Double
    /// What is added to the latency of such a message at most.
    public var tailLatency: Duration
    /// How many bytes go through in a second; `nil` where that is no limit.
    public var bandwidth: BytesPerSecond?
    /// The chance of each message, from 0 to 1, that the connection ends while it is under way.
    public var lossProbability: Double

    /// Creates conditions.
    ///
    /// - Parameters:
    ///   - latency: How long every message is under way at least.
    ///   - jitter: What is added to the latency at most.
    ///   - tailProbability: The share of messages that are under way for much longer.
    ///   - tailLatency: What is added to the latency of such a message at most.
    ///   - bandwidth: How many bytes go through in a second.
    ///   - lossProbability: The chance of each message that the connection ends while it is under way.
    public init(
        latency: Duration = .milliseconds(1),
        jitter: Duration = .zero,
        tailProbability: Double = 0,
        tailLatency: Duration = .zero,
        bandwidth: BytesPerSecond? = nil,
        lossProbability: Double = 0
    ) {
        self.latency = latency
        self.jitter = jitter
        self.tailProbability = tailProbability
        self.tailLatency = tailLatency
        self.bandwidth = bandwidth
        self.lossProbability = lossProbability
    }

    /// A network in one building: one to two milliseconds, and no connection ends by itself.
    public static let calm = LinkConditions(latency: .milliseconds(1), jitter: .milliseconds(1))

    /// A bad line: 20 to 100 milliseconds, one message in a hundred up to two seconds more, a MiB a second, and a
    /// connection that ends once in a thousand messages.
    public static let rough = LinkConditions(
        latency: .milliseconds(20),
        jitter: .milliseconds(80),
        tailProbability: 0.01,
        tailLatency: .seconds(2),
        bandwidth: .mebibytes(1),
        lossProbability: 0.001
    )
}

/// What makes links worse for a while.
public struct LinkDegradation: Sendable, Hashable {
    /// What is added to the latency.
    public var addedLatency: Duration
    /// The most bytes that go through in a second; `nil` leaves the bandwidth as it is.
    public var bandwidth: BytesPerSecond?
    /// What is added to the chance of each message that the connection ends while it is under way.
    public var addedLossProbability: Double

    /// Creates a degradation.
    ///
    /// - Parameters:
    ///   - addedLatency: What is added to the latency.
    ///   - bandwidth: The most bytes that go through in a second.
    ///   - addedLossProbability: What is added to the chance that the connection ends.
    public init(
        addedLatency: Duration = .zero,
        bandwidth: BytesPerSecond? = nil,
        addedLossProbability: Double = 0
    ) {
        self.addedLatency = addedLatency
        self.bandwidth = bandwidth
        self.addedLossProbability = addedLossProbability
    }
}

extension LinkConditions {
    /// These conditions, made worse.
    func degraded(by degradation: LinkDegradation) -> LinkConditions {
        var worse = self
        worse.latency += degradation.addedLatency
        worse.bandwidth = [bandwidth, degradation.bandwidth].compactMap { $0 }.min()
        worse.lossProbability += degradation.addedLossProbability
        return worse
    }

    /// How long the next message is under way.
    func drawLatency(_ generator: inout SplitMix64) -> Duration {
        var drawn = latency + .drawn(below: jitter, &generator)
        if generator.happens(tailProbability) { drawn += .drawn(below: tailLatency, &generator) }
        return drawn
    }

    /// How long so many bytes take to be written to the link.
    func transmission(of byteCount: Int) -> Duration {
        guard let bandwidth, bandwidth.bytesPerSecond > 0 else { return .zero }
        return .seconds(Double(byteCount) / Double(bandwidth.bytesPerSecond))
    }
}
