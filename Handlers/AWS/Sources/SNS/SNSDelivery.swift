#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime
internal import OpenSSLSupport

/// What SNS sent to an address, once its signature was checked.
public struct SNSDelivery: Sendable {
    /// What it is.
    public enum Content: Sendable, Hashable {
        /// A message of the topic.
        ///
        /// The signature is that of the body alone: SNS signs no attributes.
        case message(TopicMessage)
        /// A question whether messages are wanted, which ``SNSTopics/confirm(_:)`` answers.
        case confirmation
        /// The subscription has ended; SNS asks whether it is to begin again, which ``SNSTopics/confirm(_:)`` answers.
        case end
    }

    /// What SNS calls it: one that comes twice has one name.
    public var id: MessageID

    /// The topic.
    public var topic: TopicName

    /// When it was published, to the second.
    public var sent: WallTime

    /// What it is.
    public var content: Content

    /// What confirms a subscription.
    var token: Secret<String>?
}

/// A document that SNS sends to an address.
///
/// Source: Amazon SNS Developer Guide, "Amazon SNS message and JSON formats", "Verifying the signatures of Amazon SNS messages".
struct SNSDocument: Sendable {
    private let node: JSONNode
    let type: String
    let topic: String
    let signature: [UInt8]
    let hash: Certificate.SignatureHash
    /// Where the certificate is.
    let certificate: String

    /// Reads a document; `nil` where it is none that is signed.
    init?(_ bytes: [UInt8]) {
        guard let node = try? JSONParser.parse(bytes), let type = node.text("Type"), let topic = node.text("TopicArn"),
            let signature = node.text("Signature").flatMap({ Base64.bytes($0) }),
            let certificate = node.text("SigningCertURL") ?? node.text("SigningCertUrl")
        else { return nil }
        switch node.text("SignatureVersion") {
        case "1": hash = .sha1
        case "2": hash = .sha256
        default: return nil
        }
        self.node = node
        self.type = type
        self.topic = topic
        self.signature = signature
        self.certificate = certificate
    }

    /// The bytes that the signature is of.
    var signed: [UInt8] {
        let names =
            type == "Notification"
            ? ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"]
            : ["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        let lines = names.compactMap { name in node.text(name).map { "\(name)\n\($0)\n" } }
        return Array(lines.joined().utf8)
    }

    /// What the document says; `nil` where it is none of SNS's.
    func delivery(of topic: TopicName) -> SNSDelivery? {
        guard let id = node.text("MessageId"), let text = node.text("Message"),
            let sent = node.text("Timestamp").flatMap({ HTTPDate.isoTime($0) })
        else { return nil }
        let content: SNSDelivery.Content
        switch type {
        case "Notification":
            guard let message = SQSMessage.pushed(text, node.members("MessageAttributes")) else { return nil }
            content = .message(message)
        case "SubscriptionConfirmation": content = .confirmation
        case "UnsubscribeConfirmation": content = .end
        default: return nil
        }
        let token = node.text("Token").map { Secret($0) }
        return SNSDelivery(id: MessageID(rawValue: id), topic: topic, sent: sent, content: content, token: token)
    }
}
#endif
