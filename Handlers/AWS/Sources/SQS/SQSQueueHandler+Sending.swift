#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension SQSQueueHandler {
    /// Sends messages, each on its own: one request, or more where they are too large for one.
    public func send(_ messages: [QueueMessage]) async throws(EffectError) -> [SendResult] {
        try errors.checkCancellation(in: "send")
        try validation.check(messages, in: "send")
        let entries = messages.enumerated()
            .map { index, message in
                let name = options.isOrdered ? IdempotencyToken(random).rawValue : nil
                return SQSMessage.entry(message, String(index), orderedAs: name)
            }
        var results: [Int: SendResult] = [:]
        var failure: EffectError?
        for batch in MessageBatch.indices(of: entries.map(\.byteCount), atMost: Self.mostBatchBytes) {
            if let failure {
                // What comes behind in the order must not come before.
                var error = failure
                error.outcome = .notApplied
                for index in batch { results[index] = .failed(error) }
                continue
            }
            do throws(EffectError) {
                results.merge(try await send(entries, batch)) { first, _ in first }
            } catch {
                // Nothing was sent yet, and nothing will be.
                if results.isEmpty { throw error }
                for index in batch { results[index] = .failed(error) }
                failure = error
            }
        }
        return entries.indices.map { results[$0] ?? .failed(unanswered(in: "send")) }
    }

    private func send(
        _ entries: [SQSMessage.Entry],
        _ batch: [Int]
    ) async throws(EffectError) -> [Int: SendResult] {
        // The names within a FIFO queue make a repetition none.
        let parts = AWSJSONClient.Parts(isIdempotent: options.isOrdered, changes: true)
        let documents = batch.map { entries[$0].document }
        let answer = try await send(.sendMessageBatch, .messages, [("Entries", .array(documents))], parts, for: "send")
        var results: [Int: SendResult] = [:]
        for node in answer.elements("Successful") {
            guard let index = node.text("Id").flatMap({ Int($0) }), entries.indices.contains(index),
                let id = node.text("MessageId")
            else { continue }
            let isWhole = node.text("MD5OfMessageBody").map { $0 == entries[index].sum } ?? true
            results[index] = isWhole ? .sent(MessageID(rawValue: id)) : .failed(damaged(in: "send"))
        }
        for node in answer.elements("Failed") {
            guard let index = node.text("Id").flatMap({ Int($0) }) else { continue }
            results[index] = .failed(error(of: node, in: "send"))
        }
        return results
    }

    private func damaged(in operation: String) -> EffectError {
        let message = "SQS has the message with another MD5: it was damaged on its way."
        return errors.error(.unavailable, in: operation, message, outcome: .unknown)
    }

    func unanswered(in operation: String) -> EffectError {
        let message = "The answer says nothing of the message: see whether the endpoint is that of SQS."
        return errors.error(.unavailable, in: operation, message, outcome: .unknown)
    }
}
#endif
