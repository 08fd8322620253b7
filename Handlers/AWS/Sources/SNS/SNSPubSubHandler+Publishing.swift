#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

extension SNSPubSubHandler {
    /// Publishes messages, each on its own: one request, or more where they are too large for one.
    ///
    /// A request whose answer was lost is not repeated: its messages have the outcome `unknown`.
    public func publish(_ messages: [TopicMessage], to topic: TopicName) async throws(EffectError) -> [SendResult] {
        try errors.checkCancellation(in: "publish")
        let copies = messages.map { QueueMessage($0.body, attributes: $0.attributes, group: $0.group) }
        try validation.check(copies, in: "publish")
        let arn = try await arn(of: topic, for: "publish")
        let entries = messages.map { SNSEntry($0, named: IdempotencyToken(context.random).rawValue) }
        var results: [Int: SendResult] = [:]
        for batch in MessageBatch.indices(of: entries.map(\.byteCount), atMost: SQSQueueHandler.mostBatchBytes) {
            do throws(EffectError) {
                results.merge(try await publish(entries, batch, to: topic, arn)) { first, _ in first }
            } catch {
                // Nothing was published yet, and nothing will be.
                if results.isEmpty { throw error }
                for index in batch { results[index] = .failed(error) }
            }
        }
        return entries.indices.map { results[$0] ?? .failed(unanswered()) }
    }

    private func publish(
        _ entries: [SNSEntry],
        _ batch: [Int],
        to topic: TopicName,
        _ arn: String
    ) async throws(EffectError) -> [Int: SendResult] {
        var parameters = [("TopicArn", arn)]
        for (number, index) in batch.enumerated() {
            let prefix = "PublishBatchRequestEntries.member.\(number + 1)"
            parameters += entries[index].parameters(prefix, id: String(index))
        }
        let parts = AWSJSONClient.Parts(resource: topic.rawValue, isIdempotent: false, changes: true)
        let answer = try await send(.publishBatch, parameters, parts, for: "publish")
        func index(_ element: XMLElement) -> Int? {
            element.text("Id").flatMap { Int($0) }.flatMap { entries.indices.contains($0) ? $0 : nil }
        }
        var results: [Int: SendResult] = [:]
        for element in answer["Successful"]?.all("member") ?? [] {
            index(element).map { results[$0] = .sent(MessageID(rawValue: entries[$0].name)) }
        }
        for element in answer["Failed"]?.all("member") ?? [] {
            index(element).map { results[$0] = .failed(error(of: element)) }
        }
        return results
    }

    /// The error of one message among others.
    private func error(of element: XMLElement) -> EffectError {
        let name = AWSJSONFault.name(element.text("Code") ?? "")
        let status = element.text("SenderFault") == "false" ? 500 : 400
        let judgement = SNSService.judge(name) ?? AWSJSONFault.judge(name, status)
        let words = element.text("Message").map { ": \(HandlerErrors.quote($0))" } ?? ""
        let message = "The service refused one of several messages with \(name)\(words). \(judgement.advice)"
        return errors.error(
            judgement.code,
            in: "publish",
            message.trimmingBlanks(),
            isRetryable: judgement.isRetryable
        )
    }

    private func unanswered() -> EffectError {
        let message = "The answer says nothing of the message: see whether the endpoint is that of SNS."
        return errors.error(.unavailable, in: "publish", message, outcome: .unknown)
    }
}

/// A message as SNS takes it among others.
///
/// Source: Amazon SNS API Reference, "PublishBatchRequestEntry".
struct SNSEntry: Sendable {
    /// The message's own name.
    let name: String
    private let text: SQSMessage.Text

    init(_ message: TopicMessage, named name: String) {
        self.name = name
        var text = SQSMessage.text(message.body, message.attributes)
        text.attributes.append((SQSMessage.messageName, SQSMessage.Attribute(type: "String", value: name)))
        self.text = text
    }

    /// The size as SNS counts it.
    var byteCount: Int { text.byteCount }

    /// The parameters of a request.
    ///
    /// - Parameters:
    ///   - prefix: What their names begin with.
    ///   - id: The entry's name within the batch.
    /// - Returns: Their names and values.
    func parameters(_ prefix: String, id: String) -> [(String, String)] {
        var parameters = [("\(prefix).Id", id), ("\(prefix).Message", text.body)]
        for (number, (name, attribute)) in text.attributes.enumerated() {
            let entry = "\(prefix).MessageAttributes.entry.\(number + 1)"
            let kind = attribute.isBinary ? "BinaryValue" : "StringValue"
            parameters.append(("\(entry).Name", name))
            parameters.append(("\(entry).Value.DataType", attribute.type))
            parameters.append(("\(entry).Value.\(kind)", attribute.value))
        }
        return parameters
    }
}
#endif
