internal import AuraEffects

/// A request and what came of it, as a line of a recording.
struct RecordedExchange: Sendable {
    /// What a request is found by.
    struct Key: Sendable, Hashable {
        var method: String
        var address: String
        /// SHA-256 of the body in hexadecimal digits; `nil` where it was not taken to its end.
        var body: String?
    }

    /// What came of it.
    enum End: Sendable {
        case answer(Answer)
        case failure(EffectError)
    }

    struct Answer: Sendable {
        var status: Int
        var version: HTTPResponse.Version
        var fields: [HTTPField]
        var body: [UInt8]
        /// Whether the body is there to its end.
        var isWhole: Bool
    }

    var key: Key
    var end: End
}

// Writing.
extension RecordedExchange {
    static let header: JSONValue = ["format": "aura-http-recording", "version": .integer(1)]

    var line: JSONValue {
        var members: [(String, JSONValue)] = [
            ("method", .string(key.method)), ("url", .string(key.address)), ("request", .optional(key.body)),
        ]
        switch end {
        case .answer(let answer):
            members += [
                ("status", .integer(answer.status)), ("version", .string(answer.version.rawValue)),
                ("fields", .array(answer.fields.map { .array([.string($0.name), .string($0.value)]) })),
                Self.member(of: answer.body), ("whole", .boolean(answer.isWhole)),
            ]
        case .failure(let error):
            members += [
                ("error", .string(error.code.rawValue)), ("message", .string(error.message)),
                ("retryable", .boolean(error.isRetryable)), ("outcome", .string(error.outcome.rawValue)),
            ]
        }
        return .object(named: members)
    }

    /// Text as it is, other bytes as base64.
    private static func member(of body: [UInt8]) -> (String, JSONValue) {
        if let text = String(validating: body, as: UTF8.self) { return ("text", .string(text)) }
        let digits = unsafe [UInt8](unsafeUninitializedCapacity: Base64.encodedCount(body.count)) { digits, count in
            count = unsafe body.withUnsafeBytes { bytes in
                unsafe Base64.encode(bytes, into: UnsafeMutableRawBufferPointer(digits))
            }
        }
        return ("base64", .string(String(decoding: digits, as: UTF8.self)))
    }
}

// Reading.
extension RecordedExchange {
    /// Reads a line; `nil` where it is none.
    init?(_ node: JSONNode) {
        guard case .object(let members) = node, case .string(let method) = members["method"],
            case .string(let address) = members["url"], let end = Self.end(members)
        else { return nil }
        key = Key(method: method, address: address, body: members["request"]?.text)
        self.end = end
    }

    private static func end(_ members: [String: JSONNode]) -> End? {
        if let code = members["error"]?.text {
            guard let message = members["message"]?.text, case .boolean(let isRetryable) = members["retryable"],
                let outcome = members["outcome"]?.text.flatMap(EffectError.Outcome.init(rawValue:))
            else { return nil }
            return .failure(
                EffectError(EffectError.Code(rawValue: code), message, isRetryable: isRetryable, outcome: outcome)
            )
        }
        guard case .number(let digits) = members["status"], let status = Int(digits),
            let version = members["version"]?.text.flatMap(HTTPResponse.Version.init(rawValue:)),
            case .array(let pairs) = members["fields"], case .boolean(let isWhole) = members["whole"],
            let body = body(members)
        else { return nil }
        var fields: [HTTPField] = []
        for case .array(let pair) in pairs {
            guard pair.count == 2, let name = pair[0].text, let value = pair[1].text else { return nil }
            fields.append(HTTPField(name, value))
        }
        return .answer(Answer(status: status, version: version, fields: fields, body: body, isWhole: isWhole))
    }

    private static func body(_ members: [String: JSONNode]) -> [UInt8]? {
        if let text = members["text"]?.text { return Array(text.utf8) }
        guard let digits = members["base64"]?.text else { return nil }
        return unsafe Array(digits.utf8).withUnsafeBytes { unsafe Base64.decode($0) }
    }
}

extension JSONNode {
    fileprivate var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}
