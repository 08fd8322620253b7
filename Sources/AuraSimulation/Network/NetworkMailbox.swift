internal import AuraEffects
internal import AuraRuntime

/// The bounded buffer of a peer's channel, with those who wait for room and those who wait for messages.
///
/// A message takes its place before it is under way, so that it always finds room where it arrives.
struct NetworkMailbox: Sendable {
    typealias Admission = OneShot<Result<Void, EffectError>>
    typealias Arrival = OneShot<Result<Envelope?, EffectError>>

    /// A sender that waits for room.
    struct Waiting: Sendable {
        /// Who sends over which link.
        var link: Int
        var envelope: Envelope
        /// Waits for a message to be taken; `nil` for a request, whose reply is waited for.
        var admission: Admission?

        /// The request's number.
        var request: UInt64? { envelope.replyToken?.rawValue }
    }

    private(set) var buffer: [Envelope] = []
    var waiting: [Waiting] = []
    private var receivers: [Arrival] = []
    /// Places of the messages that wait or are under way.
    private var used = 0

    /// Takes a place; `false` where there is none or others wait for one.
    mutating func reserve(of capacity: Int) -> Bool {
        guard waiting.isEmpty, used < capacity else { return false }
        used += 1
        return true
    }

    /// The first who waits, where there is a place for it now; it is taken.
    mutating func admit(to capacity: Int) -> Waiting? {
        guard !waiting.isEmpty, used < capacity else { return nil }
        used += 1
        return waiting.removeFirst()
    }

    /// Gives a place back.
    mutating func release() {
        used -= 1
    }

    /// Takes a message for which there is a place.
    mutating func arrive(_ envelope: Envelope) {
        buffer.append(envelope)
    }

    mutating func receive(_ arrival: Arrival) {
        receivers.append(arrival)
    }

    /// Forgets a receiver that gave up.
    mutating func withdraw(_ arrival: Arrival) {
        receivers.removeAll { $0 === arrival }
    }

    /// Hands messages to receivers and returns how many.
    mutating func deliver() -> Int {
        var count = 0
        while !buffer.isEmpty, !receivers.isEmpty {
            // A receiver that was cancelled meanwhile takes nothing: the message stays for the next.
            guard receivers.removeFirst().resolve(.success(buffer[0])) else { continue }
            buffer.removeFirst()
            used -= 1
            count += 1
        }
        return count
    }

    /// Drops what a peer sent and was not delivered, and returns how many messages that were.
    mutating func drop(from peer: PeerID) -> Int {
        let before = buffer.count
        buffer.removeAll { $0.sender == peer }
        used -= before - buffer.count
        return before - buffer.count
    }

    /// Ends every receiver's wait.
    func finish() {
        for receiver in receivers { receiver.resolve(.success(nil)) }
    }
}
