package import AuraEffects

/// How a handler keeps an item in a column: bytes that give back every value as it was stored.
///
/// A version (1 byte), whether the item expires (1) and when (8), then the attributes as a map: numbers little-endian, a kind
/// (1 byte) before each value, and a count (4) before texts, data, lists and maps.
package enum ItemCoding {
    private static let version: UInt8 = 1

    /// The item's bytes.
    package static func encode(_ item: Item) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(item.byteCount + 64)
        bytes.append(version)
        bytes.append(item.expires == nil ? 0 : 1)
        append(item.expires?.nanosecondsSinceEpoch ?? 0, to: &bytes)
        append(item.attributes, to: &bytes)
        return bytes
    }

    /// The item that was encoded; `nil` where the bytes are none.
    package static func decode(_ bytes: [UInt8]) -> Item? {
        var reader = ItemReader(bytes)
        guard reader.byte() == version, let expires = reader.byte(), let time = reader.integer(Int64.self),
            let attributes = reader.map(), reader.isAtEnd
        else { return nil }
        return Item(attributes, expires: expires == 1 ? WallTime(nanosecondsSinceEpoch: time) : nil)
    }

    // MARK: Writing

    fileprivate enum Kind {
        static let null: UInt8 = 0
        static let no: UInt8 = 1
        static let yes: UInt8 = 2
        static let integer: UInt8 = 3
        static let double: UInt8 = 4
        static let text: UInt8 = 5
        static let bytes: UInt8 = 6
        static let list: UInt8 = 7
        static let map: UInt8 = 8
    }

    private static func append(_ value: ItemValue, to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(Kind.null)
        case .boolean(let value): bytes.append(value ? Kind.yes : Kind.no)
        case .integer(let value):
            bytes.append(Kind.integer)
            append(value, to: &bytes)
        case .double(let value):
            bytes.append(Kind.double)
            append(value.bitPattern, to: &bytes)
        case .text(let text):
            bytes.append(Kind.text)
            append(text, to: &bytes)
        case .bytes(let data):
            bytes.append(Kind.bytes)
            append(UInt32(data.count), to: &bytes)
            bytes += data
        case .list(let values):
            bytes.append(Kind.list)
            append(UInt32(values.count), to: &bytes)
            for value in values { append(value, to: &bytes) }
        case .map(let values):
            bytes.append(Kind.map)
            append(values, to: &bytes)
        }
    }

    private static func append(_ values: [String: ItemValue], to bytes: inout [UInt8]) {
        append(UInt32(values.count), to: &bytes)
        for (name, value) in values {
            append(name, to: &bytes)
            append(value, to: &bytes)
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        append(UInt32(text.utf8.count), to: &bytes)
        bytes += text.utf8
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: number.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

/// Reads what ``ItemCoding`` has written; each method gives `nil` where the bytes are something else.
private struct ItemReader {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { place == bytes.count }

    mutating func byte() -> UInt8? {
        guard place < bytes.count else { return nil }
        defer { place += 1 }
        return bytes[place]
    }

    mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? {
        let size = Number.bitWidth / 8
        guard bytes.count - place >= size else { return nil }
        defer { place += size }
        return (0..<size).reduce(0) { $0 | Number(truncatingIfNeeded: bytes[place + $1]) << (8 * $1) }
    }

    mutating func map() -> [String: ItemValue]? {
        guard let count = count() else { return nil }
        var values: [String: ItemValue] = [:]
        for _ in 0..<count {
            guard let name = text(), let value = value() else { return nil }
            values[name] = value
        }
        return values
    }

    private mutating func value() -> ItemValue? {
        switch byte() {
        case ItemCoding.Kind.null: return .null
        case ItemCoding.Kind.no: return .boolean(false)
        case ItemCoding.Kind.yes: return .boolean(true)
        case ItemCoding.Kind.integer: return integer(Int64.self).map { .integer($0) }
        case ItemCoding.Kind.double: return integer(UInt64.self).map { .double(Double(bitPattern: $0)) }
        case ItemCoding.Kind.text: return text().map { .text($0) }
        case ItemCoding.Kind.bytes: return slice().map { .bytes(Array($0)) }
        case ItemCoding.Kind.list: return list().map { .list($0) }
        case ItemCoding.Kind.map: return map().map { .map($0) }
        default: return nil
        }
    }

    private mutating func list() -> [ItemValue]? {
        guard let count = count() else { return nil }
        var values: [ItemValue] = []
        for _ in 0..<count {
            guard let value = value() else { return nil }
            values.append(value)
        }
        return values
    }

    private mutating func text() -> String? {
        slice().flatMap { String(validating: $0, as: UTF8.self) }
    }

    private mutating func slice() -> ArraySlice<UInt8>? {
        guard let count = count() else { return nil }
        defer { place += count }
        return bytes[place..<place + count]
    }

    /// A number of things that follow, of which each takes at least a byte.
    private mutating func count() -> Int? {
        guard let count = integer(UInt32.self), count <= bytes.count - place else { return nil }
        return Int(count)
    }
}
