/// The encoder that a value is given: a place in what ``ValueEncoding`` writes.
struct ValueEncoder: Encoder {
    private let encoding: ValueEncoding
    private let depth: Int
    private let start: Int

    init(_ encoding: ValueEncoding, depth: Int, start: Int) {
        self.encoding = encoding
        self.depth = depth
        self.start = start
    }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        let handle = encoding.open(UInt8(ascii: "{"), UInt8(ascii: "}"), depth: depth, start: start)
        return KeyedEncodingContainer(KeyedWriter<Key>(encoding, handle))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        UnkeyedWriter(encoding, encoding.open(UInt8(ascii: "["), UInt8(ascii: "]"), depth: depth, start: start))
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleValueWriter(encoding, start: start)
    }
}

private struct SingleValueWriter: SingleValueEncodingContainer {
    let encoding: ValueEncoding
    let start: Int

    init(_ encoding: ValueEncoding, start: Int) {
        self.encoding = encoding
        self.start = start
    }

    var codingPath: [any CodingKey] { [] }

    /// The encoding, for the one value.
    private var target: ValueEncoding {
        if encoding.bytes.count != start { encoding.fail("it writes two values in the place of one") }
        return encoding
    }

    func encodeNil() { target.bytes.append("null") }
    func encode(_ value: Bool) { target.append(value) }
    func encode(_ value: String) { target.bytes.append(jsonString: value) }
    func encode(_ value: Double) { target.append(value) }
    func encode(_ value: Float) { target.append(value) }
    func encode(_ value: Int) { target.bytes.append(decimal: value) }
    func encode(_ value: Int8) { target.bytes.append(decimal: value) }
    func encode(_ value: Int16) { target.bytes.append(decimal: value) }
    func encode(_ value: Int32) { target.bytes.append(decimal: value) }
    func encode(_ value: Int64) { target.bytes.append(decimal: value) }
    func encode(_ value: Int128) { target.bytes.append(decimal: value) }
    func encode(_ value: UInt) { target.bytes.append(decimal: value) }
    func encode(_ value: UInt8) { target.bytes.append(decimal: value) }
    func encode(_ value: UInt16) { target.bytes.append(decimal: value) }
    func encode(_ value: UInt32) { target.bytes.append(decimal: value) }
    func encode(_ value: UInt64) { target.bytes.append(decimal: value) }
    func encode(_ value: UInt128) { target.bytes.append(decimal: value) }
    func encode(_ value: some Encodable) throws { try target.encode(value) }
}

private struct KeyedWriter<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoding: ValueEncoding
    let handle: ValueEncoding.Handle

    init(_ encoding: ValueEncoding, _ handle: ValueEncoding.Handle) {
        self.encoding = encoding
        self.handle = handle
    }

    var codingPath: [any CodingKey] { [] }

    /// The encoding, with a member's name written.
    private func target(_ key: some CodingKey) -> ValueEncoding {
        encoding.beginElement(of: handle)
        encoding.bytes.append(jsonString: key.stringValue)
        encoding.bytes.append(UInt8(ascii: ":"))
        return encoding
    }

    private func encoder(_ key: some CodingKey) -> ValueEncoder {
        let target = target(key)
        return ValueEncoder(target, depth: target.depth(within: handle), start: target.bytes.count)
    }

    func encodeNil(forKey key: Key) { target(key).bytes.append("null") }
    func encode(_ value: Bool, forKey key: Key) { target(key).append(value) }
    func encode(_ value: String, forKey key: Key) { target(key).bytes.append(jsonString: value) }
    func encode(_ value: Double, forKey key: Key) { target(key).append(value) }
    func encode(_ value: Float, forKey key: Key) { target(key).append(value) }
    func encode(_ value: Int, forKey key: Key) { target(key).bytes.append(decimal: value) }
    func encode(_ value: Int8, forKey key: Key) { target(key).bytes.append(decimal: value) }
    func encode(_ value: Int16, forKey key: Key) { target(key).bytes.append(decimal: value) }
    func encode(_ value: Int32, forKey key: Key) { target(key).bytes.append(decimal: value) }
    func encode(_ value: Int64, forKey key: Key) { target(key).bytes.append(decimal: value) }
    func encode(_ value: Int128, forKey key: Key) { target(key).bytes.append(decimal: value) }
    func encode(_ value: UInt, forKey key: Key) { target(key).bytes.append(decimal: value) }
    func encode(_ value: UInt8, forKey key: Key) { target(key).bytes.append(decimal: value) }
    func encode(_ value: UInt16, forKey key: Key) { target(key).bytes.append(decimal: value) }
    func encode(_ value: UInt32, forKey key: Key) { target(key).bytes.append(decimal: value) }
    func encode(_ value: UInt64, forKey key: Key) { target(key).bytes.append(decimal: value) }
    func encode(_ value: UInt128, forKey key: Key) { target(key).bytes.append(decimal: value) }
    func encode(_ value: some Encodable, forKey key: Key) throws { try target(key).encode(value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type,
        forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        encoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder(SuperKey()) }
    func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }
}

/// The name of what a class's superclass writes.
struct SuperKey: CodingKey {
    var stringValue: String { "super" }
    var intValue: Int? { nil }

    init() {}
    init?(stringValue: String) { nil }
    init?(intValue: Int) { nil }
}

private struct UnkeyedWriter: UnkeyedEncodingContainer {
    let encoding: ValueEncoding
    let handle: ValueEncoding.Handle
    private(set) var count = 0

    init(_ encoding: ValueEncoding, _ handle: ValueEncoding.Handle) {
        self.encoding = encoding
        self.handle = handle
    }

    var codingPath: [any CodingKey] { [] }

    /// The encoding, at the place of another element.
    private mutating func target() -> ValueEncoding {
        count += 1
        encoding.beginElement(of: handle)
        return encoding
    }

    private mutating func encoder() -> ValueEncoder {
        let target = target()
        return ValueEncoder(target, depth: target.depth(within: handle), start: target.bytes.count)
    }

    mutating func encodeNil() { target().bytes.append("null") }
    mutating func encode(_ value: Bool) { target().append(value) }
    mutating func encode(_ value: String) { target().bytes.append(jsonString: value) }
    mutating func encode(_ value: Double) { target().append(value) }
    mutating func encode(_ value: Float) { target().append(value) }
    mutating func encode(_ value: Int) { target().bytes.append(decimal: value) }
    mutating func encode(_ value: Int8) { target().bytes.append(decimal: value) }
    mutating func encode(_ value: Int16) { target().bytes.append(decimal: value) }
    mutating func encode(_ value: Int32) { target().bytes.append(decimal: value) }
    mutating func encode(_ value: Int64) { target().bytes.append(decimal: value) }
    mutating func encode(_ value: Int128) { target().bytes.append(decimal: value) }
    mutating func encode(_ value: UInt) { target().bytes.append(decimal: value) }
    mutating func encode(_ value: UInt8) { target().bytes.append(decimal: value) }
    mutating func encode(_ value: UInt16) { target().bytes.append(decimal: value) }
    mutating func encode(_ value: UInt32) { target().bytes.append(decimal: value) }
    mutating func encode(_ value: UInt64) { target().bytes.append(decimal: value) }
    mutating func encode(_ value: UInt128) { target().bytes.append(decimal: value) }
    mutating func encode(_ value: some Encodable) throws { try target().encode(value) }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        encoder().container(keyedBy: type)
    }

    mutating func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }

    mutating func superEncoder() -> any Encoder {
        encoding.fail("it writes a superclass's part into an array without a name")
        return encoder()
    }
}
