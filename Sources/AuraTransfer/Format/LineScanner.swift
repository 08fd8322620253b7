internal import AuraEffects
internal import AuraRuntime

/// Reads the parts of a line from left to right, exactly as ``LineWriter`` writes them.
struct LineScanner {
    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { offset == bytes.count }

    /// Whether `text` stands here; goes past it then.
    mutating func skip(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard bytes.count &- offset >= count else { return false }
        let start = text.utf8Start
        for index in 0..<count where bytes[offset &+ index] != start[index] { return false }
        offset &+= count
        return true
    }

    mutating func expect(_ text: StaticString, before what: StaticString) throws(LineFault) {
        guard skip(text) else { throw LineFault("'\(text)' is missing before \(what)") }
    }

    mutating func expectEnd() throws(LineFault) {
        guard isAtEnd else { throw LineFault("there is something unknown before its check") }
    }

    /// A decimal number without leading zeros.
    mutating func number(_ what: StaticString) throws(LineFault) -> UInt64 {
        let start = offset
        var number: UInt64 = 0
        while offset < bytes.count, case let digit = bytes[offset] &- UInt8(ascii: "0"), digit < 10 {
            let (tenfold, isTooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflows) = tenfold.addingReportingOverflow(UInt64(digit))
            guard !isTooLarge, !overflows else { throw LineFault("the \(what) is too large") }
            number = sum
            offset &+= 1
        }
        let hasLeadingZero = offset &- start > 1 && bytes[start] == UInt8(ascii: "0")
        guard offset > start, !hasLeadingZero else { throw LineFault("the \(what) is not a whole number") }
        return number
    }

    /// 16 hexadecimal digits in lower case.
    private mutating func hexWord(_ what: StaticString) throws(LineFault) -> UInt64 {
        guard bytes.count &- offset >= 16 else { throw Self.notHexadecimal(what) }
        var word: UInt64 = 0
        var isValid = true
        for index in 0..<16 {
            let byte = bytes[offset &+ index]
            let decimal = byte &- UInt8(ascii: "0")
            let letter = byte &- UInt8(ascii: "a")
            isValid = isValid && (decimal < 10 || letter < 6)
            word = word << 4 | UInt64(decimal < 10 ? decimal : letter &+ 10)
        }
        guard isValid else { throw Self.notHexadecimal(what) }
        offset &+= 16
        return word
    }

    private static func notHexadecimal(_ what: StaticString) -> LineFault {
        LineFault("the \(what) is not in lower-case hexadecimal digits, or has too few")
    }

    mutating func check() throws(LineFault) -> UInt64 {
        try hexWord("check")
    }

    mutating func identifier(_ what: StaticString) throws(LineFault) -> UInt128 {
        let high = try hexWord(what)
        return UInt128(high) << 64 | UInt128(try hexWord(what))
    }

    mutating func digest(_ what: StaticString) throws(LineFault) -> SHA256Digest {
        let words = (try hexWord(what), try hexWord(what), try hexWord(what), try hexWord(what))
        return withUnsafeBytes(of: (words.0.bigEndian, words.1.bigEndian, words.2.bigEndian, words.3.bigEndian)) {
            SHA256Digest(loading: $0)
        }
    }

    /// What stands before the next quote that no backslash escapes; goes past the quote.
    private mutating func quoted(_ what: StaticString) throws(LineFault) -> (UnsafeRawBufferPointer, hasEscapes: Bool) {
        let start = offset
        var hasEscapes = false
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte == UInt8(ascii: "\"") {
                defer { offset &+= 1 }
                return (UnsafeRawBufferPointer(rebasing: bytes[start..<offset]), hasEscapes)
            }
            if byte < 0x20 { throw LineFault("the \(what) has a control character that is not escaped") }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                offset &+= 1
            }
            offset &+= 1
        }
        throw LineFault("the \(what) has no end")
    }

    /// A JSON string's contents, up to its quote.
    mutating func text(_ what: StaticString) throws(LineFault) -> String {
        let (contents, hasEscapes) = try quoted(what)
        let text =
            if hasEscapes {
                String(validating: try Self.unescaped(contents, what), as: UTF8.self)
            } else {
                String(validating: contents, as: UTF8.self)
            }
        guard let text else { throw LineFault("the \(what) is not UTF-8") }
        return text
    }

    /// A base64 value's bytes, up to its quote.
    mutating func base64(_ what: StaticString) throws(LineFault) -> [UInt8] {
        guard let end = ByteSearch.first(UInt8(ascii: "\""), in: bytes, from: offset) else {
            throw LineFault("the \(what) has no end")
        }
        let digits = UnsafeRawBufferPointer(rebasing: bytes[offset..<end])
        offset = end &+ 1
        guard let decoded = Base64.decode(digits) else { throw LineFault("the \(what) is not base64") }
        return decoded
    }

    private static func unescaped(
        _ contents: UnsafeRawBufferPointer,
        _ what: StaticString
    ) throws(LineFault) -> [UInt8] {
        var bytes: [UInt8] = []
        var scanner = LineScanner(contents)
        while !scanner.isAtEnd {
            if scanner.skip("\\\"") {
                bytes.append(UInt8(ascii: "\""))
            } else if scanner.skip("\\\\") {
                bytes.append(UInt8(ascii: "\\"))
            } else if scanner.skip("\\u00") {
                guard let byte = scanner.escapedByte() else { throw unknownEscape(what) }
                bytes.append(byte)
            } else {
                let byte = contents[scanner.offset]
                guard byte != UInt8(ascii: "\\") else { throw unknownEscape(what) }
                bytes.append(byte)
                scanner.offset &+= 1
            }
        }
        return bytes
    }

    /// The control character that two hexadecimal digits stand for.
    private mutating func escapedByte() -> UInt8? {
        guard bytes.count &- offset >= 2 else { return nil }
        let high = bytes[offset] &- UInt8(ascii: "0")
        let decimal = bytes[offset &+ 1] &- UInt8(ascii: "0")
        let letter = bytes[offset &+ 1] &- UInt8(ascii: "a")
        guard high < 2, decimal < 10 || letter < 6 else { return nil }
        offset &+= 2
        return high << 4 | (decimal < 10 ? decimal : letter &+ 10)
    }

    private static func unknownEscape(_ what: StaticString) -> LineFault {
        LineFault("the \(what) has an escape that an export does not use")
    }
}
