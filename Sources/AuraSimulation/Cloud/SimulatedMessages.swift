internal import AuraEffects
internal import AuraMemory

/// What a queue or a subscription of a simulated cloud promises of its messages.
public enum MessageOrder: String, Sendable, Hashable, CaseIterable {
    /// Messages may come out of order and to several receivers at once, as with most services.
    case standard
    /// Messages of a group come in order, each message to one receiver at a time, and names are known.
    case fifo
}

/// The messages of a simulated queue, or of a subscription to a simulated topic.
struct SimulatedMessages: Sendable {
    private struct Message: Sendable {
        var id: MessageID
        var message: QueueMessage
        var sent: WallTime
        /// Nobody gets the message before.
        var visible: MonotonicInstant
        var deliveries = 0
        /// The deliveries that were not ended, with when their time is over.
        var receipts: [Int: MonotonicInstant] = [:]

        func isHeld(at now: MonotonicInstant) -> Bool { receipts.contains { $0.value > now } }
    }

    private struct KnownID: Sendable {
        var message: MessageID
        var until: MonotonicInstant
    }

    private let order: MessageOrder
    private let mostDeliveries: Int
    private let deduplication: Duration
    private var messages: [Message] = []
    private var deadLetters: [Message] = []
    private var knownIDs: [String: KnownID] = [:]
    private var lastNumber: UInt64 = 0

    /// Creates an empty queue.
    ///
    /// - Parameters:
    ///   - order: What it promises.
    ///   - mostDeliveries: How often a message is delivered before it becomes a dead letter.
    ///   - deduplication: How long a message's name is known.
    init(_ order: MessageOrder, mostDeliveries: Int, deduplication: Duration) {
        self.order = order
        self.mostDeliveries = mostDeliveries
        self.deduplication = deduplication
    }

    mutating func send(
        _ message: QueueMessage,
        sent: WallTime,
        at now: MonotonicInstant,
        overtaking: Int
    ) -> MessageID {
        if let known = message.deduplicationID.flatMap({ knownIDs[$0] }), known.until > now { return known.message }
        lastNumber += 1
        let id = MessageID(rawValue: String(lastNumber))
        send(message, named: id, sent: sent, at: now, overtaking: overtaking)
        if let name = message.deduplicationID {
            knownIDs = knownIDs.filter { $0.value.until > now }
            knownIDs[name] = KnownID(message: id, until: now.advanced(by: deduplication))
        }
        return id
    }

    /// Takes in a message under a name of the caller's, in front of some that were sent before.
    mutating func send(
        _ message: QueueMessage,
        named id: MessageID,
        sent: WallTime,
        at now: MonotonicInstant,
        overtaking: Int
    ) {
        let new = Message(id: id, message: message, sent: sent, visible: now.advanced(by: message.delay))
        messages.insert(new, at: max(0, messages.count - overtaking))
    }

    /// How many messages wait that a new one may overtake.
    var count: Int { messages.count }

    /// Delivers messages.
    ///
    /// - Parameters:
    ///   - source: The messages, or the dead letters.
    ///   - limit: The most messages.
    ///   - visibility: How long they are hidden.
    ///   - now: The moment.
    ///   - redelivery: After how long a message is delivered to others although somebody has it, `nil` for not at all; it is told
    ///     whether this delivery is one to others.
    /// - Returns: The messages.
    mutating func receive(
        _ source: QueueSource,
        limit: Int,
        visibility: Duration,
        at now: MonotonicInstant,
        redelivery: (_ isHeld: Bool) -> Duration?
    ) -> [ReceivedMessage] {
        buryDead(at: now)
        let isMain = source == .messages
        var delivered: [ReceivedMessage] = []
        var held: Set<MessageGroup> = []
        var candidates = isMain ? messages : deadLetters
        for index in candidates.indices where delivered.count < limit {
            let group = candidates[index].message.group
            let isHeld = isMain && group.map { held.contains($0) } ?? false
            guard candidates[index].visible <= now, !isHeld else {
                // What comes behind in the group waits for this one.
                if let group { held.insert(group) }
                continue
            }
            let early = order == .standard ? redelivery(candidates[index].isHeld(at: now)) : nil
            candidates[index].deliveries += 1
            let end = now.advanced(by: visibility)
            candidates[index].receipts = candidates[index].receipts.filter { $0.value > now }
            candidates[index].receipts[candidates[index].deliveries] = end
            candidates[index].visible = early.map { min(end, now.advanced(by: $0)) } ?? end
            delivered.append(Self.received(candidates[index]))
        }
        if isMain { messages = candidates } else { deadLetters = candidates }
        return delivered
    }

    /// Removes a message; `false` where the receipt's time is over.
    mutating func acknowledge(_ receipt: MessageReceipt, at now: MonotonicInstant) -> Bool {
        for list in [\SimulatedMessages.messages, \.deadLetters] {
            guard let place = place(of: receipt, in: self[keyPath: list]) else { continue }
            guard let end = self[keyPath: list][place.index].receipts[place.delivery], end > now else { return false }
            self[keyPath: list].remove(at: place.index)
            return true
        }
        return true
    }

    /// Hides a message anew; `false` where the receipt's time is over.
    mutating func extend(_ receipt: MessageReceipt, by visibility: Duration, at now: MonotonicInstant) -> Bool {
        for list in [\SimulatedMessages.messages, \.deadLetters] {
            guard let place = place(of: receipt, in: self[keyPath: list]),
                let end = self[keyPath: list][place.index].receipts[place.delivery], end > now
            else { continue }
            let newEnd = now.advanced(by: visibility)
            self[keyPath: list][place.index].receipts[place.delivery] = newEnd
            self[keyPath: list][place.index].visible = newEnd
            return true
        }
        return false
    }

    /// When a message that is hidden now is not any more; `nil` where none is.
    func nextVisible(after now: MonotonicInstant) -> MonotonicInstant? {
        (messages + deadLetters).map(\.visible).filter { $0 > now }.min()
    }

    private func place(of receipt: MessageReceipt, in messages: [Message]) -> (index: Int, delivery: Int)? {
        let parts = receipt.rawValue.split(separator: "/")
        guard parts.count == 2, let delivery = Int(parts[1]) else { return nil }
        return messages.firstIndex { $0.id.rawValue == parts[0] }.map { ($0, delivery) }
    }

    /// Puts messages aside that were delivered too often.
    private mutating func buryDead(at now: MonotonicInstant) {
        let limit = mostDeliveries
        func isDead(_ message: Message) -> Bool {
            message.deliveries >= limit && message.visible <= now && !message.isHeld(at: now)
        }
        deadLetters += messages.filter(isDead)
        messages.removeAll(where: isDead)
    }

    private static func received(_ message: Message) -> ReceivedMessage {
        ReceivedMessage(
            id: message.id,
            receipt: MessageReceipt(rawValue: "\(message.id)/\(message.deliveries)"),
            body: message.message.body,
            attributes: message.message.attributes,
            group: message.message.group,
            deliveryCount: message.deliveries,
            sent: message.sent
        )
    }
}
