/// A value of an item.
///
/// It comes back as what it was stored as: a whole number stays one, and a text keeps its bytes.
public indirect enum ItemValue: Sendable, Codable {
    /// No value.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A whole number.
    case integer(Int64)
    /// A number that is finite.
    case double(Double)
    /// Text.
    case text(String)
    /// Data.
    case bytes([UInt8])
    /// Values in order.
    case list([ItemValue])
    /// Values by name.
    case map([String: ItemValue])
}

extension ItemValue: Hashable {
    /// Whether both values are of the same kind and equal; texts by their bytes.
    public static func == (left: ItemValue, right: ItemValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.double(let left), .double(let right)): left == right
        case (.text(let left), .text(let right)): left.hasSameBytes(as: right)
        case (.bytes(let left), .bytes(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        case (.map(let left), .map(let right)): left == right
        default: false
        }
    }

    /// Hashes the value's kind and the value.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0)
        case .boolean(let value): hasher.combine(value)
        case .integer(let value): hasher.combine(value)
        case .double(let value): hasher.combine(value)
        case .text(let value): value.hashBytes(into: &hasher)
        case .bytes(let value): hasher.combine(value)
        case .list(let values): hasher.combine(values)
        case .map(let values): hasher.combine(values)
        }
    }
}

extension ItemValue {
    /// The value's size as ``Item/byteCount`` counts it.
    public var byteCount: Int {
        switch self {
        case .null, .boolean: 1
        case .integer, .double: 8
        case .text(let text): text.utf8.count
        case .bytes(let bytes): bytes.count
        case .list(let values): values.reduce(1) { $0 + $1.byteCount }
        case .map(let values): values.reduce(1) { $0 + $1.key.utf8.count + $1.value.byteCount }
        }
    }

    /// How many lists and maps lie within each other: none for a plain value.
    public var depth: Int {
        switch self {
        case .null, .boolean, .integer, .double, .text, .bytes: 0
        case .list(let values): 1 + (values.map(\.depth).max() ?? 0)
        case .map(let values): 1 + (values.values.map(\.depth).max() ?? 0)
        }
    }
}

extension ItemValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
    /// No value.
    public init(nilLiteral: ()) { self = .null }
    /// `true` or `false`.
    public init(booleanLiteral value: Bool) { self = .boolean(value) }
    /// A whole number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
}

extension ItemValue: ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral {
    /// A number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// Text.
    public init(stringLiteral value: String) { self = .text(value) }
    /// Values in order.
    public init(arrayLiteral elements: ItemValue...) { self = .list(elements) }
}
