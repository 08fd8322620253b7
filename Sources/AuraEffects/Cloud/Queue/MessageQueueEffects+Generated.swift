// Generated from MessageQueueEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``MessageQueueEffects``.
public enum MessageQueueEffectsOperations {
    /// `queue.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "queue",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `queue.send`.
    public static let send = EffectOperation(effect: "queue", name: "send", index: 1, idempotency: .dependsOnArguments)
    /// `queue.receive`.
    public static let receive = EffectOperation(effect: "queue", name: "receive", index: 2, resource: "source")
    /// `queue.acknowledge`.
    public static let acknowledge = EffectOperation(
        effect: "queue",
        name: "acknowledge",
        index: 3,
        idempotency: .always
    )
    /// `queue.extend`.
    public static let extend = EffectOperation(effect: "queue", name: "extend", index: 4, idempotency: .always)
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [capabilities, send, receive, acknowledge, extend]
}

/// A ``MessageQueueEffects`` handler with interceptors around every operation.
public struct InterceptedMessageQueueEffects: MessageQueueEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any MessageQueueEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any MessageQueueEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `queue.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(MessageQueueEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `queue.send`.
    @inline(__always)
    public func send(_ messages: [QueueMessage]) async throws(EffectError) -> [SendResult] {
        let call = interceptors.call(
            MessageQueueEffectsOperations.send,
            isIdempotent: messages.allSatisfy { $0.deduplicationID != nil },
            arguments: [EffectArgument("messages", messages)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.send(messages))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.send(messages)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `queue.receive`.
    @inline(__always)
    public func receive(
        _ source: QueueSource,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        let call = interceptors.call(
            MessageQueueEffectsOperations.receive,
            resource: source.effectResource,
            arguments: [
                EffectArgument("source", source),
                EffectArgument("limit", limit),
                EffectArgument("visibility", visibility),
                EffectArgument("wait", wait),
            ]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.receive(source, limit: limit, visibility: visibility, wait: wait))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.receive(source, limit: limit, visibility: visibility, wait: wait)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `queue.acknowledge`.
    @inline(__always)
    public func acknowledge(_ receipts: [MessageReceipt]) async throws(EffectError) -> [AcknowledgeResult] {
        let call = interceptors.call(
            MessageQueueEffectsOperations.acknowledge,
            isIdempotent: true,
            arguments: [EffectArgument("receipts", receipts)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.acknowledge(receipts))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.acknowledge(receipts)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `queue.extend`.
    @inline(__always)
    public func extend(_ receipt: MessageReceipt, by visibility: Duration) async throws(EffectError) {
        let call = interceptors.call(
            MessageQueueEffectsOperations.extend,
            isIdempotent: true,
            arguments: [EffectArgument("receipt", receipt), EffectArgument("visibility", visibility)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.extend(receipt, by: visibility))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.extend(receipt, by: visibility)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }
}

/// A ``MessageQueueEffects`` handler that fails by name.
public struct UnimplementedMessageQueueEffects: MessageQueueEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public func send(_ messages: [QueueMessage]) async throws(EffectError) -> [SendResult] {
        throw .unimplemented("queue", "send")
    }

    /// Fails.
    public func receive(
        _ source: QueueSource,
        limit: Int,
        visibility: Duration,
        wait: Duration
    ) async throws(EffectError) -> [ReceivedMessage] {
        throw .unimplemented("queue", "receive")
    }

    /// Fails.
    public func acknowledge(_ receipts: [MessageReceipt]) async throws(EffectError) -> [AcknowledgeResult] {
        throw .unimplemented("queue", "acknowledge")
    }

    /// Fails.
    public func extend(_ receipt: MessageReceipt, by visibility: Duration) async throws(EffectError) {
        throw .unimplemented("queue", "extend")
    }
}
