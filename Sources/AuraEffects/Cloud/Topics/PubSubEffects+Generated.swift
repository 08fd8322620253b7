// Generated from PubSubEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``PubSubEffects``.
public enum PubSubEffectsOperations {
    /// `topics.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "topics",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `topics.createTopic`.
    public static let createTopic = EffectOperation(
        effect: "topics",
        name: "createTopic",
        index: 1,
        idempotency: .always,
        resource: "topic"
    )
    /// `topics.removeTopic`.
    public static let removeTopic = EffectOperation(
        effect: "topics",
        name: "removeTopic",
        index: 2,
        idempotency: .always,
        resource: "topic"
    )
    /// `topics.publish`.
    public static let publish = EffectOperation(effect: "topics", name: "publish", index: 3, resource: "topic")
    /// `topics.subscribe`.
    public static let subscribe = EffectOperation(
        effect: "topics",
        name: "subscribe",
        index: 4,
        idempotency: .always,
        resource: "subscription"
    )
    /// `topics.unsubscribe`.
    public static let unsubscribe = EffectOperation(
        effect: "topics",
        name: "unsubscribe",
        index: 5,
        idempotency: .always,
        resource: "subscription"
    )
    /// `topics.subscriptions`.
    public static let subscriptions = EffectOperation(
        effect: "topics",
        name: "subscriptions",
        index: 6,
        idempotency: .always,
        resource: "topic"
    )
    /// `topics.receive`.
    public static let receive = EffectOperation(effect: "topics", name: "receive", index: 7, resource: "subscription")
    /// `topics.acknowledge`.
    public static let acknowledge = EffectOperation(
        effect: "topics",
        name: "acknowledge",
        index: 8,
        idempotency: .always,
        resource: "subscription"
    )
    /// `topics.extend`.
    public static let extend = EffectOperation(
        effect: "topics",
        name: "extend",
        index: 9,
        idempotency: .always,
        resource: "subscription"
    )
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [
        capabilities,
        createTopic,
        removeTopic,
        publish,
        subscribe,
        unsubscribe,
        subscriptions,
        receive,
        acknowledge,
        extend,
    ]
}

/// A ``PubSubEffects`` handler with interceptors around every operation.
public struct InterceptedPubSubEffects: PubSubEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any PubSubEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any PubSubEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `topics.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(PubSubEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `topics.createTopic`.
    @inline(__always)
    public func createTopic(_ topic: TopicName) async throws(EffectError) {
        let call = interceptors.call(
            PubSubEffectsOperations.createTopic,
            resource: topic.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("topic", topic)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.createTopic(topic))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.createTopic(topic)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `topics.removeTopic`.
    @inline(__always)
    public func removeTopic(_ topic: TopicName) async throws(EffectError) {
        let call = interceptors.call(
            PubSubEffectsOperations.removeTopic,
            resource: topic.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("topic", topic)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.removeTopic(topic))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.removeTopic(topic)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `topics.publish`.
    @inline(__always)
    public func publish(_ messages: [TopicMessage], to topic: TopicName) async throws(EffectError) -> [SendResult] {
        let call = interceptors.call(
            PubSubEffectsOperations.publish,
            resource: topic.effectResource,
            arguments: [EffectArgument("messages", messages), EffectArgument("topic", topic)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.publish(messages, to: topic))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.publish(messages, to: topic)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `topics.subscribe`.
    @inline(__always)
    public func subscribe(_ subscription: Subscription) async throws(EffectError) {
        let call = interceptors.call(
            PubSubEffectsOperations.subscribe,
            resource: subscription.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("subscription", subscription)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.subscribe(subscription))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.subscribe(subscription)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `topics.unsubscribe`.
    @inline(__always)
    public func unsubscribe(_ subscription: SubscriptionName) async throws(EffectError) {
        let call = interceptors.call(
            PubSubEffectsOperations.unsubscribe,
            resource: subscription.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("subscription", subscription)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.unsubscribe(subscription))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.unsubscribe(subscription)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `topics.subscriptions`.
    @inline(__always)
    public func subscriptions(of topic: TopicName) async throws(EffectError) -> [Subscription] {
        let call = interceptors.call(
            PubSubEffectsOperations.subscriptions,
            resource: topic.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("topic", topic)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.subscriptions(of: topic))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.subscriptions(of: topic)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `topics.receive`.
    @inline(__always)
    public func receive(
        from subscription: SubscriptionName,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        let call = interceptors.call(
            PubSubEffectsOperations.receive,
            resource: subscription.effectResource,
            arguments: [
                EffectArgument("subscription", subscription),
                EffectArgument("limit", limit),
                EffectArgument("visibility", visibility),
                EffectArgument("wait", wait),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.receive(from: subscription, limit: limit, visibility: visibility, wait: wait))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.receive(from: subscription, limit: limit, visibility: visibility, wait: wait)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `topics.acknowledge`.
    @inline(__always)
    public func acknowledge(
        _ receipts: [MessageReceipt],
        of subscription: SubscriptionName
    ) async throws(EffectError) -> [AcknowledgeResult] {
        let call = interceptors.call(
            PubSubEffectsOperations.acknowledge,
            resource: subscription.effectResource,
            isIdempotent: true,
            arguments: [EffectArgument("receipts", receipts), EffectArgument("subscription", subscription)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.acknowledge(receipts, of: subscription))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.acknowledge(receipts, of: subscription)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `topics.extend`.
    @inline(__always)
    public func extend(
        _ receipt: MessageReceipt,
        of subscription: SubscriptionName,
        by visibility: Duration
    ) async throws(EffectError) {
        let call = interceptors.call(
            PubSubEffectsOperations.extend,
            resource: subscription.effectResource,
            isIdempotent: true,
            arguments: [
                EffectArgument("receipt", receipt),
                EffectArgument("subscription", subscription),
                EffectArgument("visibility", visibility),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.extend(receipt, of: subscription, by: visibility))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.extend(receipt, of: subscription, by: visibility)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }
}

/// A ``PubSubEffects`` handler that fails by name.
public struct UnimplementedPubSubEffects: PubSubEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public func createTopic(_ topic: TopicName) async throws(EffectError) {
        throw .unimplemented("topics", "createTopic")
    }

    /// Fails.
    public func removeTopic(_ topic: TopicName) async throws(EffectError) {
        throw .unimplemented("topics", "removeTopic")
    }

    /// Fails.
    public func publish(_ messages: [TopicMessage], to topic: TopicName) async throws(EffectError) -> [SendResult] {
        throw .unimplemented("topics", "publish")
    }

    /// Fails.
    public func subscribe(_ subscription: Subscription) async throws(EffectError) {
        throw .unimplemented("topics", "subscribe")
    }

    /// Fails.
    public func unsubscribe(_ subscription: SubscriptionName) async throws(EffectError) {
        throw .unimplemented("topics", "unsubscribe")
    }

    /// Fails.
    public func subscriptions(of topic: TopicName) async throws(EffectError) -> [Subscription] {
        throw .unimplemented("topics", "subscriptions")
    }

    /// Fails.
    public func receive(
        from subscription: SubscriptionName,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        throw .unimplemented("topics", "receive")
    }

    /// Fails.
    public func acknowledge(
        _ receipts: [MessageReceipt],
        of subscription: SubscriptionName
    ) async throws(EffectError) -> [AcknowledgeResult] {
        throw .unimplemented("topics", "acknowledge")
    }

    /// Fails.
    public func extend(
        _ receipt: MessageReceipt,
        of subscription: SubscriptionName,
        by visibility: Duration
    ) async throws(EffectError) {
        throw .unimplemented("topics", "extend")
    }
}
