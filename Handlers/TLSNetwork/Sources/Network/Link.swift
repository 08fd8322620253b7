#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime

/// A connection that serves: what waits to be sent over it, and the credit of both sides.
struct Link {
    typealias Admission = OneShot<Result<Void, EffectError>>
    typealias Answer = OneShot<Result<Envelope, EffectError>>

    /// What is sent in order, and waits together.
    enum LaneName: Hashable {
        /// The messages and requests of a channel, which need its credit.
        case channel(ChannelName)
        /// The replies, which need none: each was asked for.
        case replies
    }

    private struct WaitingSend {
        var frame: OutgoingFrame
        var admission: Admission
    }

    private struct Lane {
        /// The bytes that may still be sent, below zero by at most one message; `nil` where there is no limit.
        var credit: Int?
        var waiting = Fifo<WaitingSend>()

        var hasCredit: Bool { credit.map { $0 > 0 } ?? true }
    }

    /// The credit that the peer has of a channel.
    private struct Grant {
        /// What the peer may still send; below zero by at most one message.
        var balance: Int
        /// What was consumed and not given back.
        var consumed = 0
    }

    /// So many bytes are encrypted before the socket has them: the peer decrypts them while the next are encrypted.
    private static let mostAtOnce = 128 * 1024

    let connection: Connection
    let hello: Hello
    private let window: Int
    private let outboxLimit: Int
    private var outbox = Fifo<OutgoingFrame>()
    private var outboxBytes = 0
    private var isFlushing = false
    private var lanes: [LaneName: Lane] = [:]
    /// The lanes in which somebody waits.
    private(set) var stalled: [LaneName] = []
    private var grants: [ChannelName: Grant] = [:]
    /// The requests that wait for a reply.
    var answers: [UInt64: Answer] = [:]
    /// The tokens of the peer's requests that wait for a reply of ours.
    var openRequests = TokenQueue()
    /// Whether the connection has brought messages that there was no room for.
    var isPaused = false

    init(_ connection: Connection, _ hello: Hello, window: Int, outboxLimit: Int) {
        self.connection = connection
        self.hello = hello
        self.window = window
        self.outboxLimit = outboxLimit
    }
}

// Sending.
extension Link {
    /// Whether so many channels are used that no other can be.
    func hasRoom(for channel: ChannelName) -> Bool {
        let channels = lanes.count - (lanes[.replies] == nil ? 0 : 1)
        return channels < Int(hello.channelLimit) || lanes[.channel(channel)] != nil
    }

    /// Takes a message, or lets it wait for credit and room.
    ///
    /// - Returns: What is resolved once it is taken; `nil` where it was taken at once.
    mutating func send(_ frame: OutgoingFrame, in name: LaneName) -> Admission? {
        if lanes[name] == nil {
            lanes[name] = Lane(credit: name == .replies ? nil : Int(hello.window))
        }
        if outboxBytes < outboxLimit, lanes[name].map({ $0.waiting.isEmpty && $0.hasCredit }) ?? false {
            lanes[name]?.credit? -= frame.cost
            put(frame)
            return nil
        }
        let admission = Admission()
        if lanes[name]?.waiting.isEmpty ?? false { stalled.append(name) }
        lanes[name]?.waiting.append(WaitingSend(frame: frame, admission: admission))
        return admission
    }

    /// Puts a frame behind those that were taken, whatever there is of room.
    mutating func put(_ frame: OutgoingFrame) {
        outbox.append(frame)
        outboxBytes += frame.byteCount
    }

    /// Forgets a sender that gave up.
    mutating func withdraw(_ admission: Admission, from name: LaneName) {
        lanes[name]?.waiting.removeAll { $0.admission === admission }
        if lanes[name]?.waiting.isEmpty ?? false { stalled.removeAll { $0 == name } }
    }

    /// Lets more be sent on a channel.
    mutating func addCredit(_ bytes: UInt32, for channel: ChannelName) throws(FrameViolation) {
        guard let credit = lanes[.channel(channel)]?.credit else {
            throw .unexpected("credit for a channel that nothing was sent on")
        }
        guard credit + Int(bytes) <= Int(hello.window) else { throw .unexpected("more credit than was used") }
        lanes[.channel(channel)]?.credit = credit + Int(bytes)
        admitWaiting()
    }

    /// Whether the event loop must be told that there is something to send; it is told once.
    mutating func beginFlush() -> Bool {
        guard !isFlushing, !outbox.isEmpty else { return false }
        isFlushing = true
        return true
    }

    /// Takes out what is to be sent next; empty once there is nothing, and then the event loop must be told again.
    mutating func takeOutbox() -> [OutgoingFrame] {
        var frames: [OutgoingFrame] = []
        var bytes = 0
        while bytes < Self.mostAtOnce, let frame = outbox.popFirst() {
            frames.append(frame)
            bytes += frame.byteCount
        }
        outboxBytes -= bytes
        isFlushing = !frames.isEmpty
        // Not with every few frames: senders that wait are woken for several messages at once.
        if outboxBytes <= outboxLimit / 2 { admitWaiting() }
        return frames
    }

    /// Takes out what is to be sent, and lets nothing more in its place.
    mutating func takeRest() -> [OutgoingFrame] {
        defer { outbox = Fifo() }
        return outbox.elements
    }

    /// Takes what waits and has credit and room now, lane after lane.
    private mutating func admitWaiting() {
        guard !stalled.isEmpty else { return }
        var remaining: [LaneName] = []
        for name in stalled {
            while outboxBytes < outboxLimit, lanes[name]?.hasCredit ?? false,
                let send = lanes[name]?.waiting.popFirst()
            {
                // A sender that was cancelled or timed out meanwhile has withdrawn its message.
                guard send.admission.resolve(.success(())) else { continue }
                lanes[name]?.credit? -= send.frame.cost
                put(send.frame)
            }
            if lanes[name].map({ !$0.waiting.isEmpty }) ?? false { remaining.append(name) }
        }
        // The lane that was served last waits longest: another begins next time.
        if let first = remaining.first, remaining.count > 1 { remaining = remaining.dropFirst() + [first] }
        stalled = remaining
    }

    /// Fails everything that waits.
    func fail(_ error: EffectError) {
        for lane in lanes.values {
            for send in lane.waiting.elements { send.admission.resolve(.failure(error)) }
        }
        var lost = error
        lost.operation = "request"
        lost.outcome = .unknown
        for answer in answers.values { answer.resolve(.failure(lost)) }
    }
}

// Receiving.
extension Link {
    /// Counts a message against the peer's credit.
    mutating func receive(cost: Int, on channel: ChannelName, channelLimit: Int) throws(FrameViolation) {
        var grant = grants[channel] ?? Grant(balance: window)
        guard grant.balance > 0 else { throw .withoutCredit }
        grant.balance -= cost
        grants[channel] = grant
        guard grants.count <= channelLimit else { throw .tooManyChannels(channelLimit) }
    }

    /// Gives credit back for a consumed message, in steps of a quarter of the window.
    mutating func consumed(cost: Int, on channel: ChannelName) {
        guard var grant = grants[channel] else { return }
        grant.consumed += cost
        if grant.consumed >= window / 4, let frame = try? OutgoingFrame(.credit(channel, UInt32(grant.consumed))) {
            put(frame)
            grant.balance += grant.consumed
            grant.consumed = 0
        }
        grants[channel] = grant
    }
}
#endif
