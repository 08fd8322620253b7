internal import AuraEffects
internal import AuraMemory

/// One peer's end of its connection with another, and what it sends to it.
struct NetworkLink: Sendable {
    /// What travels.
    enum Content: Sendable {
        /// A message or, where it has a reply token, a request.
        case message(Envelope)
        case reply(Envelope, request: UInt64)
        /// The requester waits no longer.
        case withdrawal(request: UInt64)
    }

    struct Frame: Sendable {
        var content: Content
        var arrival: MonotonicInstant
    }

    /// The number of the peer whose end it is, and that of the other.
    let from: Int
    let to: Int
    /// Where the other peer's end is kept.
    let reverse: Int

    var generator: SplitMix64
    /// The link's own conditions, and what faults make of them.
    var conditions: LinkConditions
    var effective: LinkConditions
    /// Whether a partition holds back what is sent.
    var isBlocked = false

    /// Whether this end takes the connection to be there.
    var isOpen = false
    /// The number of the connection, which both ends share.
    var connection: UInt64 = 0
    /// The number of the silence that this end has not noticed yet; zero where it hears from the other.
    var silence: UInt64 = 0

    /// What is under way, in the order in which it was sent.
    var frames: [Frame] = []
    /// The number of the arrival that is expected; zero where there is none.
    var expectedArrival: UInt64 = 0
    private var idleFrom = MonotonicInstant(nanoseconds: 0)
    private var lastArrival = MonotonicInstant(nanoseconds: 0)

    init(from: Int, to: Int, reverse: Int, generator: SplitMix64, conditions: LinkConditions) {
        self.from = from
        self.to = to
        self.reverse = reverse
        self.generator = generator
        self.conditions = conditions
        effective = conditions
    }

    mutating func open(_ number: UInt64, at now: MonotonicInstant) {
        isOpen = true
        connection = number
        silence = 0
        idleFrom = now
        lastArrival = now
    }

    /// Puts something on its way and returns when it arrives: never before what was sent earlier.
    mutating func push(_ content: Content, at now: MonotonicInstant) -> MonotonicInstant {
        idleFrom = max(now, idleFrom).advanced(by: effective.transmission(of: content.byteCount))
        lastArrival = max(lastArrival, idleFrom.advanced(by: effective.drawLatency(&generator)))
        frames.append(Frame(content: content, arrival: lastArrival))
        return lastArrival
    }

    /// When the connection ends by itself, where it does so before a frame that was just sent arrives.
    mutating func drawBreakdown(
        between now: MonotonicInstant,
        and arrival: MonotonicInstant
    ) -> MonotonicInstant? {
        guard generator.happens(effective.lossProbability) else { return nil }
        return now.advanced(by: .drawn(below: now.duration(to: arrival), &generator))
    }
}

extension NetworkLink.Content {
    /// What the link has to carry.
    fileprivate var byteCount: Int {
        switch self {
        case .message(let envelope), .reply(let envelope, _):
            envelope.headers.reduce(envelope.payload.count) { $0 + $1.key.utf8.count + $1.value.utf8.count }
        case .withdrawal: 0
        }
    }

    /// Whether it counts as a message of its sender.
    var isMessage: Bool {
        if case .withdrawal = self { false } else { true }
    }
}
