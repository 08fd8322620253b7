internal import AuraConformance
internal import AuraEffects
internal import AuraMemory

/// A memory handler of topics of which some operations are replaced by broken ones.
struct BrokenTopics: PubSubEffects {
    typealias Base = MemoryPubSubHandler
    typealias OfTopic = @Sendable (Base, TopicName) async throws(EffectError) -> Void
    typealias Publish = @Sendable (Base, [TopicMessage], TopicName) async throws(EffectError) -> [SendResult]
    typealias Subscribe = @Sendable (Base, Subscription) async throws(EffectError) -> Void
    typealias Unsubscribe = @Sendable (Base, SubscriptionName) async throws(EffectError) -> Void
    typealias List = @Sendable (Base, TopicName) async throws(EffectError) -> [Subscription]
    typealias Receive =
        @Sendable (Base, SubscriptionName, Int, Duration, Duration) async throws(EffectError) -> [ReceivedMessage]
    typealias Acknowledge =
        @Sendable (Base, [MessageReceipt], SubscriptionName) async throws(EffectError) -> [AcknowledgeResult]

    let base: Base
    var capabilities = MemoryPubSubHandler.capabilities
    var create: OfTopic = { base, topic throws(EffectError) in try await base.createTopic(topic) }
    var publish: Publish = { base, messages, topic throws(EffectError) in
        try await base.publish(messages, to: topic)
    }
    var subscribe: Subscribe = { base, subscription throws(EffectError) in try await base.subscribe(subscription) }
    var unsubscribe: Unsubscribe = { base, name throws(EffectError) in try await base.unsubscribe(name) }
    var list: List = { base, topic throws(EffectError) in try await base.subscriptions(of: topic) }
    var receive: Receive = { base, name, limit, visibility, wait throws(EffectError) in
        try await base.receive(from: name, limit: limit, visibility: visibility, wait: wait)
    }
    var acknowledge: Acknowledge = { base, receipts, name throws(EffectError) in
        try await base.acknowledge(receipts, of: name)
    }

    init(_ base: Base) {
        self.base = base
    }

    func createTopic(_ topic: TopicName) async throws(EffectError) { try await create(base, topic) }

    func removeTopic(_ topic: TopicName) async throws(EffectError) { try await base.removeTopic(topic) }

    func publish(_ messages: [TopicMessage], to topic: TopicName) async throws(EffectError) -> [SendResult] {
        try await publish(base, messages, topic)
    }

    func subscribe(_ subscription: Subscription) async throws(EffectError) { try await subscribe(base, subscription) }

    func unsubscribe(_ subscription: SubscriptionName) async throws(EffectError) {
        try await unsubscribe(base, subscription)
    }

    func subscriptions(of topic: TopicName) async throws(EffectError) -> [Subscription] {
        try await list(base, topic)
    }

    func receive(
        from subscription: SubscriptionName,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        try await receive(base, subscription, limit, visibility, wait)
    }

    func acknowledge(
        _ receipts: [MessageReceipt],
        of subscription: SubscriptionName
    ) async throws(EffectError) -> [AcknowledgeResult] {
        try await acknowledge(base, receipts, subscription)
    }

    func extend(
        _ receipt: MessageReceipt,
        of subscription: SubscriptionName,
        by visibility: Duration
    ) async throws(EffectError) {
        try await base.extend(receipt, of: subscription, by: visibility)
    }
}

/// Makes handlers of topics that are all broken in the same way.
final class BrokenTopicHarness: PushReceivingHarness, TimePassingHarness {
    private let declared: Capabilities?
    private let change: @Sendable (inout BrokenTopics) -> Void
    private let sound = MemoryTopicHarness()

    init(declaring declared: Capabilities? = nil, _ change: @escaping @Sendable (inout BrokenTopics) -> Void) {
        self.declared = declared
        self.change = change
    }

    var capabilities: Capabilities { declared ?? sound.capabilities }

    func make() async throws -> any PubSubEffects {
        var topics = BrokenTopics(sound.makeMemory())
        topics.capabilities = capabilities
        change(&topics)
        return topics
    }

    var now: WallTime { sound.now }

    func letTimePass(_ duration: Duration) async throws {
        try await sound.letTimePass(duration)
    }

    func makeAddress(refusing refusals: Int) async throws -> String {
        try await sound.makeAddress(refusing: refusals)
    }

    func taken(at address: String) async throws -> [TopicMessage] {
        try await sound.taken(at: address)
    }

    func finish() async {
        await sound.finish()
    }
}

typealias TopicDefect = Defect<any PubSubEffects>

extension TopicDefect {
    init(
        _ description: String,
        breaks law: String,
        declaring declared: Capabilities? = nil,
        hangs: Bool = false,
        _ change: @escaping @Sendable (inout BrokenTopics) -> Void
    ) {
        self.init(description: description, law: law, hangs: hangs) {
            BrokenTopicHarness(declaring: declared, change)
        }
    }

    static var all: [TopicDefect] { topics + publishing + delivering }
}

extension Capabilities {
    /// What a memory handler of topics declares, without one of its capabilities.
    static func topics(without capability: Capability) -> Capabilities {
        var capabilities = MemoryPubSubHandler.capabilities
        capabilities.features.remove(capability)
        return capabilities
    }
}
