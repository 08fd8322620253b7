extension JSONParser {
    /// A string with escapes, read again from after its first quote.
    mutating func escapedString(from start: Int) throws(JSONFault) -> String {
        var decoded = bytes(start..<offset)
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: decoded, as: UTF8.self) else {
                    throw fault("a string is not UTF-8")
                }
                advance()
                return text
            case UInt8(ascii: "\\"):
                advance()
                try appendEscape(to: &decoded)
            case 0..<0x20:
                throw fault("a string has a control character that is not escaped")
            default:
                decoded.append(byte)
                advance()
            }
        }
        throw fault("a string has no end")
    }

    private mutating func appendEscape(to bytes: inout [UInt8]) throws(JSONFault) {
        guard let character = next else { throw fault("a string has no end") }
        advance()
        switch character {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): bytes.append(character)
        case UInt8(ascii: "b"): bytes.append(0x08)
        case UInt8(ascii: "f"): bytes.append(0x0c)
        case UInt8(ascii: "n"): bytes.append(0x0a)
        case UInt8(ascii: "r"): bytes.append(0x0d)
        case UInt8(ascii: "t"): bytes.append(0x09)
        case UInt8(ascii: "u"): bytes.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw fault("a string has an unknown escape")
        }
    }

    private mutating func escapedScalar() throws(JSONFault) -> Character {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        // What is no scalar is half of a surrogate pair, the first one first.
        guard first < 0xdc00, skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")),
            case let second = try codeUnit(), 0xdc00..<0xe000 ~= second,
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xd800) << 10 + (UInt32(second) - 0xdc00))
        else { throw fault("a string has half of a surrogate pair") }
        return Character(scalar)
    }

    private mutating func codeUnit() throws(JSONFault) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw fault("an escape has fewer than four hexadecimal digits")
            }
            unit = unit << 4 | UInt16(digit)
            advance()
        }
        return unit
    }
}
