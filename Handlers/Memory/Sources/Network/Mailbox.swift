internal import AuraEffects
internal import AuraRuntime

/// The bounded buffer of a peer's channel, with those who wait for room and those who wait for messages.
struct Mailbox {
    typealias Admission = OneShot<Result<Void, EffectError>>
    typealias Arrival = OneShot<Result<Envelope?, EffectError>>

    private struct WaitingSender {
        var envelope: Envelope
        var admission: Admission
    }

    private let capacity: Int
    private var buffer: [Envelope] = []
    private var senders: [WaitingSender] = []
    private var receivers: [Arrival] = []

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Takes a message, at once or when there is room.
    mutating func send(_ envelope: Envelope, _ admission: Admission) {
        senders.append(WaitingSender(envelope: envelope, admission: admission))
        settle()
    }

    /// Gives a message, at once or when there is one.
    mutating func receive(_ arrival: Arrival) {
        receivers.append(arrival)
        settle()
    }

    /// Forgets a receiver that gave up.
    mutating func withdraw(_ arrival: Arrival) {
        receivers.removeAll { $0 === arrival }
    }

    /// Forgets a sender that gave up.
    mutating func withdraw(_ admission: Admission) {
        senders.removeAll { $0.admission === admission }
    }

    /// Loses what a peer sent and was not delivered.
    mutating func disconnect(_ peer: PeerID, error: EffectError) {
        buffer.removeAll { $0.sender == peer }
        for sender in senders where sender.envelope.sender == peer { sender.admission.resolve(.failure(error)) }
        senders.removeAll { $0.envelope.sender == peer }
        settle()
    }

    /// Ends every receiver's wait.
    func finish() {
        for receiver in receivers { receiver.resolve(.success(nil)) }
    }

    private mutating func settle() {
        admitSenders()
        while !buffer.isEmpty, !receivers.isEmpty {
            // A receiver that was cancelled meanwhile takes nothing: the message stays for the next.
            if receivers.removeFirst().resolve(.success(buffer[0])) {
                buffer.removeFirst()
                admitSenders()
            }
        }
    }

    private mutating func admitSenders() {
        while buffer.count < capacity, !senders.isEmpty {
            let sender = senders.removeFirst()
            // A sender that was cancelled or timed out meanwhile has withdrawn its message.
            if sender.admission.resolve(.success(())) { buffer.append(sender.envelope) }
        }
    }
}
