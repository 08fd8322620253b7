/// Reads JSON (RFC 8259) strictly: valid UTF-8, no name twice in an object, nothing after the value.
package struct JSONParser {
    /// Deeper values are refused, so that no input can exhaust the stack.
    static let maximumDepth = 256

    private let bytes: [UInt8]
    private let end: Int
    private(set) var offset: Int

    /// Reads a part of bytes.
    ///
    /// - Parameters:
    ///   - bytes: The bytes.
    ///   - range: Where the part is; by default everything.
    init(_ bytes: [UInt8], in range: Range<Int>? = nil) {
        self.bytes = bytes
        offset = range?.lowerBound ?? 0
        end = range?.upperBound ?? bytes.count
    }

    /// The one value that bytes are.
    package static func parse(_ bytes: [UInt8], in range: Range<Int>? = nil) throws(JSONFault) -> JSONNode {
        var parser = JSONParser(bytes, in: range)
        let node = try parser.value()
        try parser.expectEnd()
        return node
    }

    /// Refuses anything more than white space.
    mutating func expectEnd() throws(JSONFault) {
        skipSpace()
        guard offset == end else { throw fault("there is something after the value") }
    }

    /// The members of an object, each read by `body`; `body` reads exactly one value.
    mutating func members(
        _ body: (String, inout JSONParser) throws(JSONFault) -> Void
    ) throws(JSONFault) {
        try expect(UInt8(ascii: "{"), "an object")
        skipSpace()
        if skip(UInt8(ascii: "}")) { return }
        repeat {
            skipSpace()
            let name = try string("a member's name")
            skipSpace()
            try expect(UInt8(ascii: ":"), "':' after a member's name")
            try body(name, &self)
            skipSpace()
        } while skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"), "',' or '}' after a member")
    }

    /// The value that begins here, after white space.
    mutating func value(depth: Int = 0) throws(JSONFault) -> JSONNode {
        skipSpace()
        guard depth < Self.maximumDepth else { throw fault("the value is nested too deeply") }
        guard offset < end else { throw fault("a value is missing") }
        switch bytes[offset] {
        case UInt8(ascii: "{"): return .object(try object(depth: depth))
        case UInt8(ascii: "["): return .array(try array(depth: depth))
        case UInt8(ascii: "\""): return .string(try string("a string"))
        case UInt8(ascii: "t") where skip("true"): return .boolean(true)
        case UInt8(ascii: "f") where skip("false"): return .boolean(false)
        case UInt8(ascii: "n") where skip("null"): return .null
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) -> [String: JSONNode] {
        var members: [String: JSONNode] = [:]
        try self.members { name, parser throws(JSONFault) in
            let start = parser.offset
            let value = try parser.value(depth: depth + 1)
            guard members.updateValue(value, forKey: name) == nil else {
                throw JSONFault(offset: start, message: "a member's name occurs twice")
            }
        }
        return members
    }

    private mutating func array(depth: Int) throws(JSONFault) -> [JSONNode] {
        var elements: [JSONNode] = []
        try expect(UInt8(ascii: "["), "an array")
        skipSpace()
        if skip(UInt8(ascii: "]")) { return elements }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"), "',' or ']' after an element")
        return elements
    }

    private mutating func number() throws(JSONFault) -> String {
        let start = offset
        _ = skip(UInt8(ascii: "-"))
        let leadsWithZero = offset < end && bytes[offset] == UInt8(ascii: "0")
        let wholeDigits = skipDigits()
        guard wholeDigits > 0 else { throw fault("a value is missing or unknown") }
        guard !leadsWithZero || wholeDigits == 1 else { throw fault("a number begins with zero") }
        if skip(UInt8(ascii: ".")) {
            guard skipDigits() > 0 else { throw fault("digits are missing after the point") }
        }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            if !skip(UInt8(ascii: "+")) { _ = skip(UInt8(ascii: "-")) }
            guard skipDigits() > 0 else { throw fault("digits are missing in the exponent") }
        }
        return text(start..<offset) ?? ""
    }

    private mutating func skipDigits() -> Int {
        let start = offset
        while offset < end, bytes[offset] &- UInt8(ascii: "0") < 10 { offset += 1 }
        return offset - start
    }

    /// A string, from its first quote to its last.
    mutating func string(_ what: StaticString) throws(JSONFault) -> String {
        try expect(UInt8(ascii: "\""), what)
        let start = offset
        while offset < end {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                defer { offset += 1 }
                guard let text = text(start..<offset) else { throw fault("a string is not UTF-8") }
                return text
            case UInt8(ascii: "\\"):
                return try escapedString(from: start)
            case 0..<0x20:
                throw fault("a string has a control character that is not escaped")
            default:
                offset += 1
            }
        }
        throw fault("a string has no end")
    }

    private func text(_ range: Range<Int>) -> String? {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        }
    }

    // MARK: Bytes

    func fault(_ message: String) -> JSONFault {
        JSONFault(offset: offset, message: message)
    }

    /// The byte here; `nil` at the end.
    var next: UInt8? { offset < end ? bytes[offset] : nil }

    mutating func advance() {
        offset += 1
    }

    mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { offset += 1 }
    }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        offset += 1
        return true
    }

    private mutating func skip(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard end - offset >= count else { return false }
        for index in 0..<count where unsafe bytes[offset + index] != word.utf8Start[index] { return false }
        offset += count
        return true
    }

    mutating func expect(_ byte: UInt8, _ what: StaticString) throws(JSONFault) {
        guard skip(byte) else { throw fault("\(what) is missing") }
    }

    /// The bytes between two offsets of what is parsed.
    func bytes(_ range: Range<Int>) -> [UInt8] {
        Array(bytes[range])
    }
}
