#if TLSNetwork
internal import AuraEffects
internal import AuraRuntime

/// A message that came and waits for its consumer.
struct ReceivedMessage: Sendable {
    /// The message, with its sender.
    var envelope: Envelope
    /// What it took of the channel's credit, to be given back when it is consumed.
    var cost: Int
    /// The connection that brought it.
    var connection: UInt64
}

/// The messages of a channel, and the consumers that wait for them.
struct IncomingMailbox {
    typealias Arrival = OneShot<Result<Envelope?, EffectError>>

    private var messages = Fifo<ReceivedMessage>()
    private var receivers: [Arrival] = []

    var isUnused: Bool { messages.isEmpty && receivers.isEmpty }

    /// Takes a message in; `true` where a waiting consumer has taken it at once.
    mutating func add(_ message: ReceivedMessage) -> Bool {
        while !receivers.isEmpty {
            // A consumer that was cancelled meanwhile takes nothing.
            if receivers.removeFirst().resolve(.success(message.envelope)) { return true }
        }
        messages.append(message)
        return false
    }

    /// Gives out the first message, where there is one.
    mutating func take() -> ReceivedMessage? {
        messages.popFirst()
    }

    /// Lets a consumer wait for the next message.
    mutating func wait(_ arrival: Arrival) {
        receivers.append(arrival)
    }

    /// Forgets a consumer that gave up.
    mutating func withdraw(_ arrival: Arrival) {
        receivers.removeAll { $0 === arrival }
    }

    /// Ends every consumer's wait.
    func finish() {
        for receiver in receivers { receiver.resolve(.success(nil)) }
    }

    /// Drops the latest of a peer's messages until the rest costs no more than a limit.
    ///
    /// - Returns: What the dropped ones cost.
    mutating func trim(_ peer: PeerID, to limit: Int) -> Int {
        var (cost, dropped) = (0, 0)
        messages.removeAll { message in
            guard message.envelope.sender == peer else { return false }
            cost += message.cost
            if cost > limit { dropped += message.cost }
            return cost > limit
        }
        return dropped
    }
}
#endif
