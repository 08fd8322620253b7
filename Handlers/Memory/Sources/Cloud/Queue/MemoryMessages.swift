internal import AuraEffects

/// The messages of a memory queue, or of a subscription to a topic.
struct MemoryMessages: Sendable {
    fileprivate struct Message: Sendable {
        var id: MessageID
        var message: QueueMessage
        var sent: WallTime
        /// Nobody gets the message before.
        var visible: MonotonicInstant
        var deliveries = 0

        /// The receipt of the last delivery.
        var receipt: MessageReceipt { MessageReceipt(rawValue: "\(id)/\(deliveries)") }
    }

    private struct KnownID: Sendable {
        var message: MessageID
        var until: MonotonicInstant
    }

    private let mostDeliveries: Int
    private let deduplication: Duration
    // In the order of their sending.
    fileprivate var messages: [Message] = []
    fileprivate var deadLetters: [Message] = []
    private var knownIDs: [String: KnownID] = [:]
    private var lastNumber: UInt64 = 0

    /// Creates an empty queue.
    ///
    /// - Parameters:
    ///   - mostDeliveries: How often a message is delivered before it becomes a dead letter.
    ///   - deduplication: How long a message's name is known.
    init(mostDeliveries: Int, deduplication: Duration) {
        self.mostDeliveries = mostDeliveries
        self.deduplication = deduplication
    }

    mutating func send(_ message: QueueMessage, sent: WallTime, at now: MonotonicInstant) -> MessageID {
        if let known = message.deduplicationID.flatMap({ knownIDs[$0] }), known.until > now { return known.message }
        lastNumber += 1
        let id = MessageID(rawValue: String(lastNumber))
        send(message, named: id, sent: sent, at: now)
        if let name = message.deduplicationID {
            knownIDs = knownIDs.filter { $0.value.until > now }
            knownIDs[name] = KnownID(message: id, until: now.advanced(by: deduplication))
        }
        return id
    }

    /// Takes in a message under a name of the caller's.
    mutating func send(_ message: QueueMessage, named id: MessageID, sent: WallTime, at now: MonotonicInstant) {
        messages.append(Message(id: id, message: message, sent: sent, visible: now.advanced(by: message.delay)))
    }

    mutating func receive(
        _ source: QueueSource,
        limit: Int,
        visibility: Duration,
        at now: MonotonicInstant
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
            candidates[index].visible = now.advanced(by: visibility)
            candidates[index].deliveries += 1
            delivered.append(Self.received(candidates[index]))
        }
        if isMain { messages = candidates } else { deadLetters = candidates }
        return delivered
    }

    /// Removes a message; `false` where the receipt's time is over.
    mutating func acknowledge(_ receipt: MessageReceipt, at now: MonotonicInstant) -> Bool {
        for list in [\MemoryMessages.messages, \.deadLetters] {
            guard let index = self[keyPath: list].firstIndex(where: { $0.isOf(receipt) }) else { continue }
            guard self[keyPath: list][index].isHeld(by: receipt, at: now) else { return false }
            self[keyPath: list].remove(at: index)
            return true
        }
        return true
    }

    /// Hides a message anew; `false` where the receipt's time is over.
    mutating func extend(_ receipt: MessageReceipt, by visibility: Duration, at now: MonotonicInstant) -> Bool {
        for list in [\MemoryMessages.messages, \.deadLetters] {
            let held = self[keyPath: list].firstIndex { $0.isHeld(by: receipt, at: now) }
            guard let held else { continue }
            self[keyPath: list][held].visible = now.advanced(by: visibility)
            return true
        }
        return false
    }

    /// When a message that is hidden now is not any more; `nil` where none is.
    func nextVisible(after now: MonotonicInstant) -> MonotonicInstant? {
        (messages + deadLetters).map(\.visible).filter { $0 > now }.min()
    }

    /// Puts messages aside that were delivered too often.
    private mutating func buryDead(at now: MonotonicInstant) {
        let limit = mostDeliveries
        func isDead(_ message: Message) -> Bool { message.deliveries >= limit && message.visible <= now }
        deadLetters += messages.filter(isDead)
        messages.removeAll(where: isDead)
    }

    private static func received(_ message: Message) -> ReceivedMessage {
        ReceivedMessage(
            id: message.id,
            receipt: message.receipt,
            body: message.message.body,
            attributes: message.message.attributes,
            group: message.message.group,
            deliveryCount: message.deliveries,
            sent: message.sent
        )
    }
}

extension MemoryMessages.Message {
    /// Whether the receipt is of one of the message's deliveries.
    fileprivate func isOf(_ receipt: MessageReceipt) -> Bool { receipt.rawValue.hasPrefix("\(id)/") }

    /// Whether the receipt is of the last delivery, and its time is not over.
    fileprivate func isHeld(by receipt: MessageReceipt, at now: MonotonicInstant) -> Bool {
        self.receipt == receipt && deliveries > 0 && visible > now
    }
}
