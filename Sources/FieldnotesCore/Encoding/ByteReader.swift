internal import AuraEffects

/// Bytes that are not the encoding of what they should be.
struct MalformedBytes: Error, Hashable, CustomStringConvertible {
    var description: String
}

/// Reads what ``ByteWriter`` wrote, and nothing else: every deviation is an error.
struct ByteReader {
    private let bytes: [UInt8]
    private var offset: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        offset = 0
    }

    var isAtEnd: Bool { offset == bytes.count }

    /// The bytes that were not read yet.
    var rest: ArraySlice<UInt8> { bytes[offset...] }

    /// Refuses bytes after the last field.
    func finish() throws(MalformedBytes) {
        guard isAtEnd else { throw malformed("\(bytes.count - offset) bytes too many") }
    }

    mutating func number() throws(MalformedBytes) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: 0, through: 63, by: 7) {
            guard offset < bytes.count else { throw malformed("a number without an end") }
            let byte = bytes[offset]
            offset += 1
            guard shift < 63 || byte <= 1 else { throw malformed("a number beyond 64 bits") }
            value |= UInt64(byte & 0x7f) << UInt64(shift)
            if byte < 0x80 {
                guard byte != 0 || shift == 0 else { throw malformed("a number longer than it need be") }
                return value
            }
        }
        throw malformed("a number beyond 64 bits")
    }

    mutating func count() throws(MalformedBytes) -> Int {
        guard let count = Int(exactly: try number()) else { throw malformed("a count beyond the largest integer") }
        return count
    }

    mutating func block() throws(MalformedBytes) -> [UInt8] {
        Array(try take(try count()))
    }

    mutating func text() throws(MalformedBytes) -> String {
        guard let text = String(validating: try take(try count()), as: UTF8.self) else {
            throw malformed("a text that is not UTF-8")
        }
        return text
    }

    mutating func digest() throws(MalformedBytes) -> SHA256Digest {
        guard let digest = SHA256Digest(try take(SHA256Digest.byteCount)) else { throw malformed("a short digest") }
        return digest
    }

    mutating func fixed128() throws(MalformedBytes) -> UInt128 {
        try take(16).reduce(0) { $0 << 8 | UInt128($1) }
    }

    mutating func fixed64() throws(MalformedBytes) -> UInt64 {
        try take(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func optional<Value>(
        _ read: (inout ByteReader) throws(MalformedBytes) -> Value
    ) throws(MalformedBytes) -> Value? {
        switch try number() {
        case 0: return nil
        case 1: return try read(&self)
        default: throw malformed("a mark that is neither 0 nor 1")
        }
    }

    mutating func list<Element>(
        _ read: (inout ByteReader) throws(MalformedBytes) -> Element
    ) throws(MalformedBytes) -> [Element] {
        let count = try count()
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try read(&self)) }
        return elements
    }

    func malformed(_ what: String) -> MalformedBytes {
        MalformedBytes(description: "\(what), at byte \(offset) of \(bytes.count)")
    }

    private mutating func take(_ count: Int) throws(MalformedBytes) -> ArraySlice<UInt8> {
        guard count <= bytes.count - offset else { throw malformed("\(count) bytes expected, fewer are left") }
        defer { offset += count }
        return bytes[offset..<(offset + count)]
    }
}
