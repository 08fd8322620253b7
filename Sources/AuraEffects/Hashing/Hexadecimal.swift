/// Hexadecimal text: written in lower case, read in both.
package enum Hexadecimal {
    /// The bytes as two digits each.
    package static func string(_ bytes: some Collection<UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count * 2)
        for byte in bytes {
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The 128-bit number as 32 digits.
    package static func string(_ value: UInt128) -> String {
        let digits: StaticString = "0123456789abcdef"
        return String(unsafeUninitializedCapacity: 32) { text in
            for index in 0..<32 {
                let digit = Int(truncatingIfNeeded: value >> UInt128(4 * (31 - index))) & 15
                text[index] = digits.utf8Start[digit]
            }
            return 32
        }
    }

    /// The 128-bit number that exactly 32 digits name.
    package static func number(_ text: String) -> UInt128? {
        guard text.utf8.count == 32, text.utf8.allSatisfy({ value($0) != nil }) else { return nil }
        return UInt128(text, radix: 16)
    }

    /// The bytes that pairs of digits name; `nil` for anything else.
    package static func bytes(_ digits: some StringProtocol) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.utf8.count / 2)
        var high: UInt8?
        for digit in digits.utf8 {
            guard let value = value(digit) else { return nil }
            if let first = high {
                bytes.append(first << 4 | value)
                high = nil
            } else {
                high = value
            }
        }
        return high == nil ? bytes : nil
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
