internal import AuraEffects

/// Builds the notebook's binary encoding: numbers as LEB128, everything else with its length before it or of fixed length.
///
/// The same values always give the same bytes, and ``ByteReader`` accepts no other bytes for them.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    /// Creates a writer.
    ///
    /// - Parameter capacity: How many bytes are expected.
    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// A number in groups of seven bits, the lowest first.
    mutating func number(_ value: UInt64) {
        var rest = value
        while rest > 0x7f {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// A count, which is never negative.
    mutating func count(_ value: Int) {
        number(UInt64(value))
    }

    mutating func block(_ block: some Collection<UInt8>) {
        count(block.count)
        bytes.append(contentsOf: block)
    }

    /// Bytes as they are: whoever reads them knows where they end.
    mutating func append(_ slice: ArraySlice<UInt8>) {
        bytes.append(contentsOf: slice)
    }

    mutating func text(_ text: String) {
        block(text.utf8)
    }

    mutating func digest(_ digest: SHA256Digest) {
        bytes.append(contentsOf: digest.bytes)
    }

    /// 16 bytes, big-endian.
    mutating func fixed(_ value: UInt128) {
        fixed(UInt64(truncatingIfNeeded: value >> 64))
        fixed(UInt64(truncatingIfNeeded: value))
    }

    /// 8 bytes, big-endian.
    mutating func fixed(_ value: UInt64) {
        unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// Nothing as 0, something as 1 and then itself.
    mutating func optional<Value>(_ value: Value?, _ write: (inout ByteWriter, Value) -> Void) {
        guard let value else {
            number(0)
            return
        }
        number(1)
        write(&self, value)
    }

    mutating func list<Element>(_ elements: [Element], _ write: (inout ByteWriter, Element) -> Void) {
        count(elements.count)
        for element in elements { write(&self, element) }
    }
}
