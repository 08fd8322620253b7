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
    /// What stands where SQS wants some text.
    private static let filler = "-"

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
        let (body, encoding) = body(message.body)
        var attributes = message.attributes.map { ($0.key, attribute($0.value)) }
        if let encoding { attributes.append((Self.encoding, attribute(encoding))) }
        let group = name.map { message.group?.rawValue ?? single + $0 }
        let members: [(String, JSONValue?)] = [
            ("Id", .string(id)), ("MessageBody", .string(body)),
            ("MessageAttributes", attributes.isEmpty ? nil : .members(attributes.map { ($0, $1.document) })),
            ("DelaySeconds", name == nil ? .integer(seconds(message.delay)) : nil),
            ("MessageGroupId", group.map { .string($0) }),
            ("MessageDeduplicationId", name.map { .string(message.deduplicationID ?? $0) }),
        ]
        return Entry(
            document: .members(members),
            byteCount: attributes.reduce(body.utf8.count) { $0 + $1.0.utf8.count + $1.1.byteCount },
            sum: MD5.hexadecimal(body.utf8)
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

    private static func attribute(_ value: String) -> (document: JSONValue, byteCount: Int) {
        if value.isEmpty {
            return (["DataType": "String.empty", "StringValue": .string(filler)], 13)
        }
        if isText(value) {
            return (["DataType": "String", "StringValue": .string(value)], 6 + value.utf8.count)
        }
        let digits = Base64.string(Array(value.utf8))
        return (["DataType": "Binary.text", "BinaryValue": .string(digits)], 11 + value.utf8.count)
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
        let system = node["Attributes"]
        let group = system?.text("MessageGroupId").flatMap { $0.hasPrefix(single) ? nil : $0 }
        let sent = system?.text("SentTimestamp").flatMap { Int64($0) } ?? 0
        return ReceivedMessage(
            id: MessageID(rawValue: id),
            receipt: receipt(handle),
            body: body,
            attributes: attributes,
            group: group.map { MessageGroup(rawValue: $0) },
            deliveryCount: system?.text("ApproximateReceiveCount").flatMap { Int($0) } ?? 1,
            sent: WallTime(nanosecondsSinceEpoch: sent.multipliedReportingOverflow(by: 1_000_000).partialValue)
        )
    }

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
        switch node.text("DataType") {
        case "String.empty": ""
        case "Binary.text":
            node.text("BinaryValue").flatMap { Base64.bytes($0) }.map { String(decoding: $0, as: UTF8.self) }
        default: node.text("StringValue")
        }
    }
}
#endif
