/// Writes messages in the wire format of Protocol Buffers (https://protobuf.dev/programming-guides/encoding/).
///
/// As in its third version, fields that have their type's default are left out, except where their presence tells something.
struct ProtobufWriter {
    /// How a value stands on the wire.
    private enum WireType: UInt64 {
        case varint = 0
        case fixed64 = 1
        case delimited = 2
        case fixed32 = 5
    }

    private(set) var bytes: [UInt8] = []

    private mutating func tag(_ field: Int, _ type: WireType) {
        append(varint: UInt64(field) << 3 | type.rawValue)
    }

    private mutating func append(varint value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private mutating func append(fixed value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    /// A field of the types `uint32`, `uint64`, `bool` and of enumerations.
    mutating func varint(_ field: Int, _ value: UInt64) {
        if value != 0 { member(field, varint: value) }
    }

    /// A member of a `oneof`, whose presence says which one it is.
    mutating func member(_ field: Int, varint value: UInt64) {
        tag(field, .varint)
        append(varint: value)
    }

    /// A field of the type `fixed64`.
    mutating func fixed64(_ field: Int, _ value: UInt64) {
        if value != 0 { member(field, fixed64: value) }
    }

    /// A member of a `oneof`, of the types `fixed64`, `sfixed64` and `double`, by its bits.
    mutating func member(_ field: Int, fixed64 value: UInt64) {
        tag(field, .fixed64)
        append(fixed: value)
    }

    /// A field of the type `fixed32`.
    mutating func fixed32(_ field: Int, _ value: UInt32) {
        guard value != 0 else { return }
        tag(field, .fixed32)
        append(fixed: value)
    }

    /// A field of the type `string`.
    mutating func string(_ field: Int, _ text: String) {
        if !text.isEmpty { member(field, string: text) }
    }

    /// A member of a `oneof`, or an element of a repeated field.
    mutating func member(_ field: Int, string text: String) {
        var text = text
        text.withUTF8 { utf8 in
            tag(field, .delimited)
            append(varint: UInt64(utf8.count))
            unsafe bytes.append(contentsOf: utf8)
        }
    }

    /// A field of the type `bytes`.
    mutating func bytes(_ field: Int, _ value: [UInt8]) {
        if !value.isEmpty { message(field, encoded: value) }
    }

    /// A message within the message.
    mutating func message(_ field: Int, _ write: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        write(&inner)
        message(field, encoded: inner.bytes)
    }

    /// A message within the message, which is encoded already.
    mutating func message(_ field: Int, encoded: [UInt8]) {
        tag(field, .delimited)
        append(varint: UInt64(encoded.count))
        bytes += encoded
    }

    /// A packed repeated field of the types `fixed64` and `double`, by their bits.
    mutating func packed(_ field: Int, _ values: some Collection<UInt64>) {
        guard !values.isEmpty else { return }
        tag(field, .delimited)
        append(varint: UInt64(values.count * 8))
        for value in values { append(fixed: value) }
    }
}
