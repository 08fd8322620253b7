/// What a collector says it did not take of a request that it answered with success.
///
/// Both signals have the same form (https://opentelemetry.io/docs/specs/otlp/#partial-success-1): the field 1 of the answer
/// is a message with the number of rejected spans or data points, and a text.
struct OTLPPartialSuccess: Hashable {
    /// How many spans or data points were rejected.
    var rejected = 0
    /// Why, in the collector's words.
    var message = ""

    /// Reads an answer; what is malformed says nothing.
    init(_ answer: [UInt8]) {
        var reader = Reader(rest: answer[...])
        while let field = reader.next() {
            guard field.number == 1, case .bytes(let bytes) = field.value else { continue }
            var inner = Reader(rest: bytes)
            while let field = inner.next() {
                switch (field.number, field.value) {
                case (1, .varint(let count)): rejected = max(0, Int(truncatingIfNeeded: count))
                case (2, .bytes(let text)): message = String(decoding: text, as: UTF8.self)
                default: break
                }
            }
        }
    }

    /// Reads a message's fields one after the other.
    private struct Reader {
        enum Value {
            case varint(UInt64)
            case bytes(ArraySlice<UInt8>)
            case fixed
        }

        var rest: ArraySlice<UInt8>

        /// The next field; `nil` at the end, and where the bytes are no message.
        mutating func next() -> (number: UInt64, value: Value)? {
            guard let tag = varint() else { return nil }
            switch tag & 7 {
            case 0: return varint().map { (tag >> 3, .varint($0)) }
            case 1: return take(8).map { _ in (tag >> 3, .fixed) }
            case 2:
                guard let count = varint().flatMap({ Int(exactly: $0) }), let bytes = take(count) else { return nil }
                return (tag >> 3, .bytes(bytes))
            case 5: return take(4).map { _ in (tag >> 3, .fixed) }
            default: return nil
            }
        }

        private mutating func varint() -> UInt64? {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                guard let byte = rest.popFirst() else { return nil }
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
            }
            return nil
        }

        private mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
            guard count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }
    }
}
