private let hexDigits: StaticString = "0123456789abcdef"

/// Writes the parts of JSON to the end of bytes.
extension [UInt8] {
    /// Appends what stands in the source, as it is.
    mutating func append(_ text: StaticString) {
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a text as a JSON string: `"`, `\` and the characters below U+0020 are escaped, nothing else.
    mutating func append(jsonString text: String) {
        append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { characters in
            let needsEscape = unsafe characters.contains {
                $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\")
            }
            if needsEscape {
                for index in characters.indices { append(jsonCharacter: unsafe characters[index]) }
            } else {
                unsafe append(contentsOf: characters)
            }
        }
        append(UInt8(ascii: "\""))
    }

    private mutating func append(jsonCharacter byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            append(UInt8(ascii: "\\"))
            append(byte)
        case 0..<0x20:
            append("\\u00")
            append(hex: UInt64(byte), digits: 2)
        default:
            append(byte)
        }
    }

    /// Appends a number in hexadecimal digits of lower case.
    mutating func append(hex number: UInt64, digits: Int = 16) {
        for shift in stride(from: 4 * (digits - 1), through: 0, by: -4) {
            unsafe append(hexDigits.utf8Start[Int(number >> UInt64(shift) & 15)])
        }
    }

    /// Appends a number in decimal digits.
    mutating func append(decimal number: some FixedWidthInteger) {
        if let small = UInt64(exactly: number) {
            append(decimal: small)
        } else {
            append(contentsOf: String(number).utf8)
        }
    }

    private mutating func append(decimal number: UInt64) {
        let start = count
        var rest = number
        repeat {
            append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        self[start...].reverse()
    }

    /// Appends bytes as a JSON string of base64.
    mutating func append(base64 bytes: [UInt8]) {
        append(UInt8(ascii: "\""))
        let start = count
        append(contentsOf: repeatElement(0, count: Base64.encodedCount(bytes.count)))
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe withUnsafeMutableBytes { digits in
                _ = unsafe Base64.encode(bytes, into: UnsafeMutableRawBufferPointer(rebasing: digits[start...]))
            }
        }
        append(UInt8(ascii: "\""))
    }
}
