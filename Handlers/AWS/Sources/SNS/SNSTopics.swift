#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime
internal import OpenSSLSupport

/// What SNS can do with topics beyond those of every provider: it says and sets their attributes, and what it sends to
/// addresses is read and confirmed here.
///
/// ```swift
/// let delivery = try await cloud.sns.read(bytes)
/// switch delivery.content {
/// case .message(let message): try await deal(with: message)
/// case .confirmation: try await cloud.sns.confirm(delivery)
/// case .end: break
/// }
/// ```
public struct SNSTopics: Sendable {
    let handler: SNSPubSubHandler

    /// The attributes of a topic, such as `DisplayName` and `SubscriptionsConfirmed`: one request.
    ///
    /// - Parameter topic: The topic.
    /// - Returns: The attributes by SNS's names of them.
    /// - Throws: ``EffectError``, as the handler's calls do.
    public func attributes(of topic: TopicName) async throws(EffectError) -> [String: String] {
        let parameters = [("TopicArn", try await handler.arn(of: topic, for: "attributes"))]
        let parts = AWSJSONClient.Parts(resource: topic.rawValue)
        let answer = try await handler.send(.getTopicAttributes, parameters, parts, for: "attributes")
        var attributes: [String: String] = [:]
        for entry in answer["Attributes"]?.all("entry") ?? [] {
            if let name = entry.text("key") { attributes[name] = entry.text("value") ?? "" }
        }
        return attributes
    }

    /// Sets an attribute of a topic, such as `SignatureVersion` to `2`: one request.
    ///
    /// - Parameters:
    ///   - name: SNS's name of the attribute.
    ///   - value: Its value.
    ///   - topic: The topic.
    /// - Throws: ``EffectError``, as the handler's calls do.
    public func setAttribute(_ name: String, to value: String, of topic: TopicName) async throws(EffectError) {
        let arn = try await handler.arn(of: topic, for: "setAttribute")
        let parameters = [("TopicArn", arn), ("AttributeName", name), ("AttributeValue", value)]
        let parts = AWSJSONClient.Parts(resource: topic.rawValue, changes: true)
        _ = try await handler.send(.setTopicAttributes, parameters, parts, for: "setAttribute")
    }

    /// Reads what SNS sent to an address, and checks its signature: a request for each certificate that was not seen yet.
    ///
    /// What has no good signature, and what is of a topic of another account or region, is refused: everybody may send to an
    /// address, and everybody's own topics are signed by SNS, too.
    ///
    /// - Parameter body: The body of the request to the address; at most 256 KiB and what surrounds them.
    /// - Returns: What was sent.
    /// - Throws: ``EffectError`` with `unauthenticated` where it is not what SNS sent for a topic of the account, and
    ///   `unavailable` where the certificate cannot be fetched now.
    public func read(_ body: [UInt8]) async throws(EffectError) -> SNSDelivery {
        guard let document = SNSDocument(body) else {
            throw refusal("It is no document of SNS's with a signature of version 1 or 2.")
        }
        guard let topic = try await handler.address(for: "read").topic(of: document.topic) else {
            throw refusal("It is of a topic of another account or region.")
        }
        let certificate = try await handler.certificates.certificate(at: document.certificate)
        guard certificate.isSignature(document.signature, of: document.signed, hashedBy: document.hash),
            let delivery = document.delivery(of: topic)
        else { throw refusal("Its signature is another one.") }
        return delivery
    }

    /// Confirms a subscription, so that its address gets messages from now on: one request.
    ///
    /// - Parameter delivery: SNS's question, as ``read(_:)`` gave it.
    /// - Throws: `invalidArgument` for a delivery that asks nothing; ``EffectError``, as the handler's calls do.
    public func confirm(_ delivery: SNSDelivery) async throws(EffectError) {
        guard let token = delivery.token else {
            let message = "The delivery is a message: only a question for confirmation is confirmed."
            throw handler.errors.error(.invalidArgument, in: "confirm", message)
        }
        let arn = try await handler.arn(of: delivery.topic, for: "confirm")
        let parameters = [("TopicArn", arn), ("Token", token.withExposedValue { $0 })]
        let parts = AWSJSONClient.Parts(resource: delivery.topic.rawValue, changes: true)
        _ = try await handler.send(.confirmSubscription, parameters, parts, for: "confirm")
    }

    private func refusal(_ reason: String) -> EffectError {
        let message = "What came to the address is refused: \(reason) Answer its sender with 403."
        return handler.errors.error(.unauthenticated, in: "read", message)
    }
}
#endif
