#if AWS
internal import AuraEffects
internal import AuraRuntime

/// The values of items as DynamoDB's attributes have them.
///
/// A whole number is an `N`, and so is a fraction. DynamoDB does not tell 5.0 from 5, and has no number beyond 10^125: a floating-point
/// number that is whole or too small is a map of its text under `aura:double`.
///
/// Source: Amazon DynamoDB API Reference, "AttributeValue"; Developer Guide, "Item sizes and formats".
enum DynamoDBValue {
    private static let double = DynamoDBNames.mark + "double"

    /// A value as an attribute has it.
    static func encode(_ value: ItemValue) -> JSONValue {
        switch value {
        case .null: ["NULL": .boolean(true)]
        case .boolean(let value): ["BOOL": .boolean(value)]
        case .integer(let number): ["N": .string(String(number))]
        case .double(let number):
            isNumber(number) ? ["N": .string(String(number))] : ["M": [double: ["S": .string(String(number))]]]
        case .text(let text): ["S": .string(text)]
        case .bytes(let bytes): ["B": .string(Base64.string(bytes))]
        case .list(let values): ["L": .array(values.map { encode($0) })]
        case .map(let values):
            ["M": .members(values.sorted { $0.key < $1.key }.map { (DynamoDBNames.stored($0.key), encode($0.value)) })]
        }
    }

    /// Whether a floating-point number comes back as one from an `N`.
    private static func isNumber(_ number: Double) -> Bool {
        number != number.rounded(.towardZero) && abs(number) > 1e-129
    }

    /// The value of an attribute; `nil` where it is none.
    ///
    /// A set, which others may have stored, is a list.
    static func decode(_ node: JSONNode) -> ItemValue? {
        guard case .object(let members) = node, members.count == 1, let (type, value) = members.first else {
            return nil
        }
        switch (type, value) {
        case ("NULL", _): return .null
        case ("BOOL", .boolean(let value)): return .boolean(value)
        case ("N", .string(let digits)): return number(digits)
        case ("S", .string(let text)): return .text(text)
        case ("B", .string(let digits)): return Base64.bytes(digits).map { .bytes($0) }
        case ("L", .array(let elements)): return list(elements) { decode($0) }
        case ("SS", .array(let elements)): return list(elements) { $0.text.map { .text($0) } }
        case ("NS", .array(let elements)): return list(elements) { $0.text.flatMap { number($0) } }
        case ("BS", .array(let elements)):
            return list(elements) { $0.text.flatMap { Base64.bytes($0) }.map { .bytes($0) } }
        case ("M", .object(let members)):
            if members.count == 1, let text = members[double]?.text("S") { return Double(text).map { .double($0) } }
            return attributes(members).map { .map($0) }
        default: return nil
        }
    }

    /// The values of attributes by their names; `nil` where one is none.
    static func attributes(_ members: [String: JSONNode]) -> [String: ItemValue]? {
        var values: [String: ItemValue] = [:]
        for (name, node) in members {
            guard let value = decode(node) else { return nil }
            values[DynamoDBNames.original(name)] = value
        }
        return values
    }

    private static func number(_ digits: String) -> ItemValue? {
        Int64(digits).map { .integer($0) } ?? Double(digits).map { .double($0) }
    }

    private static func list(_ elements: [JSONNode], _ read: (JSONNode) -> ItemValue?) -> ItemValue? {
        let values = elements.compactMap(read)
        return values.count == elements.count ? .list(values) : nil
    }

    /// The size of a value as DynamoDB counts it, or a little more.
    static func byteCount(_ value: ItemValue) -> Int {
        switch value {
        case .null, .boolean: 1
        case .integer(let number): String(number).utf8.count / 2 + 2
        // One that is a map of a text.
        case .double(let number): 20 + String(number).utf8.count
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .list(let values): values.reduce(3) { $0 + 1 + byteCount($1) }
        case .map(let values): byteCount(values)
        }
    }

    /// The size of values by their names.
    static func byteCount(_ values: [String: ItemValue]) -> Int {
        values.reduce(3) { $0 + 1 + DynamoDBNames.stored($1.key).utf8.count + byteCount($1.value) }
    }
}

/// The names of attributes, of which those that begin with ``mark`` are the handler's own.
enum DynamoDBNames {
    static let mark = "aura:"
    /// The version of an item, a text.
    static let revision = mark + "revision"
    /// When an item is gone: nanoseconds since 1970.
    static let expires = mark + "expires"
    /// When DynamoDB may remove an item: seconds since 1970.
    static let timeToLive = mark + "ttl"

    /// What comes before a name that would be one of the handler's or of a key's.
    private static let escape = mark + "="

    /// An item's name as an attribute's.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - keys: The names of the keys' attributes, where those count.
    /// - Returns: The attribute's name.
    static func stored(_ name: String, besides keys: Set<String> = []) -> String {
        name.utf8.starts(with: mark.utf8) || keys.contains(name) ? escape + name : name
    }

    /// An attribute's name as an item's.
    static func original(_ name: String) -> String {
        guard name.utf8.starts(with: escape.utf8) else { return name }
        return String(decoding: name.utf8.dropFirst(escape.utf8.count), as: UTF8.self)
    }
}
#endif
