#if AWS
internal import AuraEffects
internal import AuraRuntime

/// Messages as SQS has them.
///
/// A body that is text is sent as it is, so that other clients read it. SQS takes neither an empty body nor every byte: others
/// are Base64, and the attribute `aura.encoding` says so. An attribute is a `String`; an empty one has the type
/// `String.empty`, and one that SQS does not take as text is a `Binary.text`.
///
/// Source: Amazon SQS API Reference, "SendMessage"; Developer Guide, "Message metadata".
enum SQSMessage {
    private static let encoding = "aura.encoding"
    /// What a group's name begins with that a message without one was given: no group of a caller has a dot.
    private static let single = "aura.single."
    /// The attribute by which a topic's message keeps its name in every queue that it is copied to.
    static let messageName = "aura.id"
    /// What stands where SQS wants some text.
    private static let filler = "-"

    /// An attribute as SQS and SNS have it.
    struct Attribute {
        var type: String
        var value: String
        /// Whether the value is Base64 of bytes.
        var isBinary = false

        /// The size of type and value as SQS counts it.
        var byteCount: Int { type.utf8.count + (isBinary ? value.utf8.count / 4 * 3 : value.utf8.count) }

        var document: JSONValue {
            ["DataType": .string(type), isBinary ? "BinaryValue" : "StringValue": .string(value)]
        }
    }

    /// A body and attributes as SQS and SNS take them.
    struct Text {
        var body: String
        var attributes: [(String, Attribute)]

        /// The size as SQS counts it.
        var byteCount: Int { attributes.reduce(body.utf8.count) { $0 + $1.0.utf8.count + $1.1.byteCount } }
    }

    /// A body and attributes as SQS and SNS take them.
    static func text(_ bytes: [UInt8], _ attributes: [String: String]) -> Text {
        let (body, encoding) = body(bytes)
        var attributes = attributes.map { ($0.key, attribute($0.value)) }
        if let encoding { attributes.append((Self.encoding, attribute(encoding))) }
        return Text(body: body, attributes: attributes)
    }

    /// An entry of a batch, and its size as SQS counts it.
    struct Entry {
        var document: JSONValue
        var byteCount: Int
        /// The sum of the body that SQS answers with.
        var sum: String
    }

    /// A message as an entry of a batch.
    ///
    /// - Parameters:
    ///   - message: The message.
    ///   - id: The entry's name within the batch.
    ///   - name: A name that nobody else has, where the queue keeps an order: for what the message has no name of its own for.
    /// - Returns: The entry.
    static func entry(_ message: QueueMessage, _ id: String, orderedAs name: String?) -> Entry {
        let text = text(message.body, message.attributes)
        let attributes = text.attributes
        let group = name.map { message.group?.rawValue ?? single + $0 }
        let members: [(String, JSONValue?)] = [
            ("Id", .string(id)), ("MessageBody", .string(text.body)),
            ("MessageAttributes", attributes.isEmpty ? nil : .members(attributes.map { ($0, $1.document) })),
            ("DelaySeconds", name == nil ? .integer(seconds(message.delay)) : nil),
            ("MessageGroupId", group.map { .string($0) }),
            ("MessageDeduplicationId", name.map { .string(message.deduplicationID ?? $0) }),
        ]
        return Entry(
            document: .members(members),
            byteCount: text.byteCount,
            sum: MD5.hexadecimal(text.body.utf8)
        )
    }

    /// Whole seconds, rounded up.
    static func seconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        return Int(seconds) + (attoseconds > 0 ? 1 : 0)
    }

    private static func body(_ bytes: [UInt8]) -> (text: String, encoding: String?) {
        if bytes.isEmpty { return (filler, "empty") }
        if let text = String(validating: bytes, as: UTF8.self), isText(text) { return (text, nil) }
        return (Base64.string(bytes), "base64")
    }

    private static func attribute(_ value: String) -> Attribute {
        if value.isEmpty { return Attribute(type: "String.empty", value: filler) }
        if isText(value) { return Attribute(type: "String", value: value) }
        return Attribute(type: "Binary.text", value: Base64.string(Array(value.utf8)), isBinary: true)
    }

    /// Whether SQS takes a text: the characters of XML.
    private static func isText(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: true
            default: false
            }
        }
    }

    /// A message of an answer; `nil` where it is none, or was damaged on its way.
    ///
    /// - Parameters:
    ///   - node: The message.
    ///   - receipt: Makes the receipt of SQS's handle.
    /// - Returns: The message.
    static func received(_ node: JSONNode, receipt: (String) -> MessageReceipt) -> ReceivedMessage? {
        guard let id = node.text("MessageId"), let handle = node.text("ReceiptHandle"), let text = node.text("Body"),
            node.text("MD5OfBody").map({ $0 == MD5.hexadecimal(text.utf8) }) ?? true
        else { return nil }
        var attributes = node.members("MessageAttributes").compactMapValues { value(of: $0) }
        guard let body = bytes(text, attributes.removeValue(forKey: encoding)) else { return nil }
        let name = attributes.removeValue(forKey: messageName)
        let system = node["Attributes"]
        let group = system?.text("MessageGroupId").flatMap { $0.hasPrefix(single) ? nil : $0 }
        let sent = system?.text("SentTimestamp").flatMap { Int64($0) } ?? 0
        return ReceivedMessage(
            id: MessageID(rawValue: name ?? id),
            receipt: receipt(handle),
            body: body,
            attributes: attributes,
            group: group.map { MessageGroup(rawValue: $0) },
            deliveryCount: system?.text("ApproximateReceiveCount").flatMap { Int($0) } ?? 1,
            sent: WallTime(nanosecondsSinceEpoch: sent.multipliedReportingOverflow(by: 1_000_000).partialValue)
        )
    }

    /// The bytes of a body; `nil` for an encoding that is none.
    private static func bytes(_ text: String, _ encoding: String?) -> [UInt8]? {
        switch encoding {
        case nil: Array(text.utf8)
        case "empty": []
        case "base64": Base64.bytes(text)
        default: nil
        }
    }

    /// The text of an attribute; `nil` for data that others sent.
    private static func value(of node: JSONNode) -> String? {
        let type = node.text("DataType") ?? ""
        return value(type, node.text(type == "Binary.text" ? "BinaryValue" : "StringValue"))
    }

    private static func value(_ type: String, _ value: String?) -> String? {
        switch type {
        case "String.empty": ""
        case "Binary.text": value.flatMap { Base64.bytes($0) }.map { String(decoding: $0, as: UTF8.self) }
        default: type.hasPrefix("Binary") ? nil : value
        }
    }

    /// A message that a topic sent to an address, whose attributes are typed values; `nil` where it is none.
    static func pushed(_ text: String, _ attributes: [String: JSONNode]) -> TopicMessage? {
        var attributes = attributes.compactMapValues { value($0.text("Type") ?? "", $0.text("Value")) }
        guard let body = bytes(text, attributes.removeValue(forKey: encoding)) else { return nil }
        attributes[messageName] = nil
        return TopicMessage(body, attributes: attributes)
    }
}
#endif
