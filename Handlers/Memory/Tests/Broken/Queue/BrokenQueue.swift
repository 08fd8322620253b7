internal import AuraConformance
internal import AuraEffects
internal import AuraMemory
internal import Testing

/// A memory queue of which some operations are replaced by broken ones.
struct BrokenQueue: MessageQueueEffects {
    typealias Base = MemoryQueueHandler
    typealias Send = @Sendable (Base, [QueueMessage]) async throws(EffectError) -> [SendResult]
    typealias Receive =
        @Sendable (Base, QueueSource, Int, Duration, Duration) async throws(EffectError) -> [ReceivedMessage]
    typealias Acknowledge = @Sendable (Base, [MessageReceipt]) async throws(EffectError) -> [AcknowledgeResult]
    typealias Extend = @Sendable (Base, MessageReceipt, Duration) async throws(EffectError) -> Void

    let base: Base
    var capabilities = MemoryQueueHandler.capabilities()
    var send: Send = { base, messages throws(EffectError) in try await base.send(messages) }
    var receive: Receive = { base, source, limit, visibility, wait throws(EffectError) in
        try await base.receive(source, limit: limit, visibility: visibility, wait: wait)
    }
    var acknowledge: Acknowledge = { base, receipts throws(EffectError) in try await base.acknowledge(receipts) }
    var extend: Extend = { base, receipt, visibility throws(EffectError) in
        try await base.extend(receipt, by: visibility)
    }

    init(_ base: Base) {
        self.base = base
    }

    func send(_ messages: [QueueMessage]) async throws(EffectError) -> [SendResult] {
        try await send(base, messages)
    }

    func receive(
        _ source: QueueSource,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        try await receive(base, source, limit, visibility, wait)
    }

    func acknowledge(_ receipts: [MessageReceipt]) async throws(EffectError) -> [AcknowledgeResult] {
        try await acknowledge(base, receipts)
    }

    func extend(_ receipt: MessageReceipt, by visibility: Duration) async throws(EffectError) {
        try await extend(base, receipt, visibility)
    }

    /// Keeps what is received by its receipts, for defects that look it up.
    mutating func remembering() -> Mutexed<[MessageReceipt: ReceivedMessage]> {
        let received = Mutexed<[MessageReceipt: ReceivedMessage]>([:])
        receive = { base, source, limit, visibility, wait throws(EffectError) in
            let messages = try await base.receive(source, limit: limit, visibility: visibility, wait: wait)
            received.withLock { received in
                for message in messages { received[message.receipt] = message }
            }
            return messages
        }
        return received
    }
}

/// Makes queues that are all broken in the same way.
final class BrokenQueueHarness: QueueHarness, TimePassingHarness {
    private let declared: Capabilities?
    private let change: @Sendable (inout BrokenQueue) -> Void
    private let time = ManualTimeHandler()

    init(declaring declared: Capabilities? = nil, _ change: @escaping @Sendable (inout BrokenQueue) -> Void) {
        self.declared = declared
        self.change = change
    }

    var capabilities: Capabilities { declared ?? MemoryQueueHandler.capabilities() }

    func make() async throws -> any MessageQueueEffects {
        var queue = BrokenQueue(MemoryQueueHandler(time: time))
        queue.capabilities = capabilities
        change(&queue)
        return queue
    }

    var now: WallTime { time.now }

    func letTimePass(_ duration: Duration) async throws {
        time.advance(by: duration)
    }

    func finish() async {}
}

typealias QueueDefect = Defect<any MessageQueueEffects>

extension QueueDefect {
    init(
        _ description: String,
        breaks law: String,
        declaring declared: Capabilities? = nil,
        _ change: @escaping @Sendable (inout BrokenQueue) -> Void
    ) {
        self.init(description: description, law: law) { BrokenQueueHarness(declaring: declared, change) }
    }

    static var all: [QueueDefect] { sending + receipts + groups }
}

extension Capabilities {
    /// What a memory queue declares, without one of its capabilities.
    static func queue(without capability: Capability) -> Capabilities {
        var capabilities = MemoryQueueHandler.capabilities()
        capabilities.features.remove(capability)
        return capabilities
    }
}
