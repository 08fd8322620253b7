#if AWS
internal import AuraRuntime

/// Payloads as Lambda takes them, which are JSON: bytes that are none stand in `{"aura.base64": "…"}`.
///
/// Source: AWS Lambda API Reference, "Invoke", Payload.
enum LambdaPayload {
    private static let name = "aura.base64"

    /// What a payload that is wrapped has besides its digits.
    static let wrapperBytes = #"{"aura.base64":""}"#.utf8.count

    /// The most bytes of a payload that is wrapped, where the service takes so many.
    static func mostBytes(within limit: Int) -> Int { (limit - wrapperBytes) / 4 * 3 }

    /// The bytes as JSON: as they are where they are JSON, and wrapped otherwise.
    static func wrap(_ bytes: [UInt8]) -> [UInt8] {
        if let node = try? JSONParser.parse(bytes), unwrapped(node) == nil { return bytes }
        return Array(#"{"\#(name)":"\#(Base64.string(bytes))"}"#.utf8)
    }

    /// The bytes that a document stands for.
    static func unwrap(_ document: [UInt8]) -> [UInt8] {
        guard let node = try? JSONParser.parse(document) else { return document }
        return unwrapped(node) ?? document
    }

    private static func unwrapped(_ node: JSONNode) -> [UInt8]? {
        guard case .object(let members) = node, members.count == 1 else { return nil }
        return members[name]?.text.flatMap { Base64.bytes($0) }
    }
}
#endif
