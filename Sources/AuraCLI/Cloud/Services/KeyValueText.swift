internal import AuraEffects
internal import AuraRuntime

/// Items as JSON on the command line: bytes are `{"$bytes": "BASE64"}`, and all other values what JSON has for them.
enum KeyValueText {
    private static let bytesName = "$bytes"

    /// The attributes of a JSON object.
    ///
    /// - Parameter json: The object.
    /// - Returns: The attributes.
    /// - Throws: `invalidArgument` for what is no object, and a number beyond what an item holds.
    static func attributes(_ json: [UInt8]) throws(EffectError) -> [String: ItemValue] {
        let node: JSONNode
        do throws(JSONFault) {
            node = try JSONParser.parse(json)
        } catch {
            throw refusal("The item is no JSON: \(error).")
        }
        guard case .object(let members) = node else {
            throw refusal("The item is no JSON object.")
        }
        return try values(members)
    }

    private static func values(_ members: [String: JSONNode]) throws(EffectError) -> [String: ItemValue] {
        var values: [String: ItemValue] = [:]
        for (name, node) in members { values[name] = try value(node) }
        return values
    }

    private static func value(_ node: JSONNode) throws(EffectError) -> ItemValue {
        switch node {
        case .null: return .null
        case .boolean(let value): return .boolean(value)
        case .string(let text): return .text(text)
        case .number(let digits):
            if let integer = Int64(digits) { return .integer(integer) }
            guard let number = Double(digits), number.isFinite else {
                throw refusal("The number \(digits.prefix(40)) is beyond what an item holds.")
            }
            return .double(number)
        case .array(let nodes):
            var values: [ItemValue] = []
            for node in nodes { values.append(try value(node)) }
            return .list(values)
        case .object(let members):
            guard members.count == 1, let found = members[bytesName] else { return .map(try values(members)) }
            guard case .string(let digits) = found, let bytes = Base64.bytes(digits) else {
                throw refusal("What stands under '\(bytesName)' is no Base64.")
            }
            return .bytes(bytes)
        }
    }

    /// A value as JSON.
    static func json(_ value: ItemValue) -> JSONValue {
        switch value {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(Int(value))
        case .double(let value): .number(value)
        case .text(let text): .string(text)
        case .bytes(let bytes): [bytesName: .string(Base64.string(bytes))]
        case .list(let values): .array(values.map { json($0) })
        case .map(let values): json(values)
        }
    }

    /// Attributes as JSON, in the order of their names.
    static func json(_ attributes: [String: ItemValue]) -> JSONValue {
        .object(
            attributes.sorted { $0.key < $1.key }.map { JSONValue.Member(key: $0.key, value: json($0.value)) }
        )
    }

    private static func refusal(_ message: String) -> EffectError {
        let example = #"{"title": "Cats", "stars": 5}"#
        return EffectError(.invalidArgument, "\(message) Write one such as '\(example)'. Nothing was stored.")
    }
}

extension StoredItem {
    /// The item as an object.
    var json: JSONValue {
        let expires = item.expires.map { UTCTime.iso(UInt64(max(0, $0.nanosecondsSinceEpoch / 1_000_000))) }
        return [
            "partition": .string(key.partition), "sort": .string(key.sort), "revision": .string(revision.rawValue),
            "expires": .optional(expires), "item": KeyValueText.json(item.attributes),
        ]
    }
}
