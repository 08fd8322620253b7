#if AWS
public import AuraEffects
internal import AuraRuntime

/// What SQS can do with a queue beyond the messages of every provider: it counts them, and drops them all.
public struct SQSQueue: Sendable {
    let handler: SQSQueueHandler

    /// How many messages a queue has, as SQS estimates it.
    public struct Counts: Sendable, Hashable {
        /// Those that can be received.
        public var waiting: Int
        /// Those that were received and are hidden.
        public var hidden: Int
        /// Those whose delay is not over.
        public var delayed: Int
    }

    /// How many messages a queue has.
    ///
    /// - Parameter source: The messages, or the dead letters.
    /// - Returns: SQS's estimates, which lag behind by up to a minute.
    /// - Throws: ``EffectError``, as the handler's calls do.
    public func counts(of source: QueueSource = .messages) async throws(EffectError) -> Counts {
        try handler.check(source, in: "counts")
        let names = [
            "ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
        ]
        let members: [(String, JSONValue?)] = [("AttributeNames", .array(names.map { .string($0) }))]
        let parts = AWSJSONClient.Parts(resource: source.rawValue)
        let answer = try await handler.send(.getQueueAttributes, source, members, parts, for: "counts")
        let counts = names.map { answer["Attributes"]?.text($0).flatMap { Int($0) } ?? 0 }
        return Counts(waiting: counts[0], hidden: counts[1], delayed: counts[2])
    }

    /// Removes every message for good, which takes up to a minute; once a minute at most.
    ///
    /// - Parameter source: The messages, or the dead letters.
    /// - Throws: ``EffectError``, as the handler's calls do.
    public func purge(_ source: QueueSource = .messages) async throws(EffectError) {
        try handler.check(source, in: "purge")
        let parts = AWSJSONClient.Parts(resource: source.rawValue, changes: true)
        _ = try await handler.send(.purgeQueue, source, [], parts, for: "purge")
    }
}

extension SQSQueueHandler {
    /// Refuses a call of a cancelled task, and one for dead letters where there are none.
    func check(_ source: QueueSource, in operation: String) throws(EffectError) {
        try errors.checkCancellation(in: operation)
        if source == .deadLetters { try errors.require(.deadLetters, of: capabilities, in: operation) }
    }
}
#endif
