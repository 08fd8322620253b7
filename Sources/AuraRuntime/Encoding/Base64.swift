/// Base64 with padding (RFC 4648, section 4), over buffers.
package enum Base64 {
    private static let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    private static let padding = UInt8(ascii: "=")

    /// The value of each digit; 64 for every other byte.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 64, count: 256)
        for index in 0..<64 { unsafe values[Int(alphabet.utf8Start[index])] = UInt8(index) }
        return values
    }()

    /// How many digits `count` bytes take.
    package static func encodedCount(_ count: Int) -> Int {
        (count + 2) / 3 * 4
    }

    /// Writes the digits of `bytes` to the start of a buffer that has room for them.
    ///
    /// - Returns: How many there are.
    package static func encode(_ bytes: UnsafeRawBufferPointer, into digits: UnsafeMutableRawBufferPointer) -> Int {
        let alphabet = unsafe alphabet.utf8Start
        var offset = 0
        var count = 0
        while offset < bytes.count {
            let left = bytes.count &- offset
            let group =
                unsafe UInt32(bytes[offset]) << 16
                | (left > 1 ? UInt32(bytes[offset &+ 1]) << 8 : 0)
                | (left > 2 ? UInt32(bytes[offset &+ 2]) : 0)
            unsafe digits[count] = alphabet[Int(group >> 18)]
            unsafe digits[count &+ 1] = alphabet[Int(group >> 12 & 63)]
            unsafe digits[count &+ 2] = left > 1 ? alphabet[Int(group >> 6 & 63)] : padding
            unsafe digits[count &+ 3] = left > 2 ? alphabet[Int(group & 63)] : padding
            offset &+= 3
            count &+= 4
        }
        return count
    }

    /// The digits of bytes as a text.
    package static func string(_ bytes: [UInt8]) -> String {
        unsafe String(unsafeUninitializedCapacity: encodedCount(bytes.count)) { digits in
            unsafe bytes.withUnsafeBytes { unsafe encode($0, into: UnsafeMutableRawBufferPointer(digits)) }
        }
    }

    /// The bytes that the digits of a text stand for; `nil` where they are not base64 as ``string(_:)`` writes it.
    package static func bytes(_ text: String) -> [UInt8]? {
        unsafe Array(text.utf8).withUnsafeBytes { unsafe decode($0) }
    }

    /// The bytes that digits stand for; `nil` where they are not base64 as ``encode(_:into:)`` writes it.
    package static func decode(_ digits: UnsafeRawBufferPointer) -> [UInt8]? {
        guard digits.count.isMultiple(of: 4) else { return nil }
        if unsafe digits.isEmpty { return [] }
        let paddingCount = unsafe digits[digits.count - 1] != padding ? 0 : digits[digits.count - 2] != padding ? 1 : 2
        let byteCount = digits.count / 4 * 3 - paddingCount
        var isValid = true
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: byteCount + paddingCount) { bytes, count in
            isValid = unsafe values.withUnsafeBufferPointer { unsafe decode(digits, paddingCount, $0, into: bytes) }
            count = isValid ? byteCount : 0
        }
        return isValid ? bytes : nil
    }

    private static func decode(
        _ digits: UnsafeRawBufferPointer,
        _ paddingCount: Int,
        _ values: UnsafeBufferPointer<UInt8>,
        into bytes: UnsafeMutableBufferPointer<UInt8>
    ) -> Bool {
        var place = 0
        // Any digit that is none sets the bit that values of digits leave clear.
        var seen: UInt32 = 0
        var last: UInt32 = 0
        for offset in stride(from: 0, to: digits.count, by: 4) {
            let padded = offset &+ 4 == digits.count ? paddingCount : 0
            let a = unsafe UInt32(values[Int(digits[offset])])
            let b = unsafe UInt32(values[Int(digits[offset &+ 1])])
            let c = unsafe padded > 1 ? 0 : UInt32(values[Int(digits[offset &+ 2])])
            let d = unsafe padded > 0 ? 0 : UInt32(values[Int(digits[offset &+ 3])])
            seen |= a | b | c | d
            last = a << 18 | b << 12 | c << 6 | d
            unsafe bytes[place] = UInt8(truncatingIfNeeded: last >> 16)
            unsafe bytes[place &+ 1] = UInt8(truncatingIfNeeded: last >> 8)
            unsafe bytes[place &+ 2] = UInt8(truncatingIfNeeded: last)
            place &+= 3
        }
        // The bits that padding leaves over are zero, so that the same bytes have one spelling.
        let isCanonical = last & (1 << (8 * UInt32(paddingCount)) - 1) == 0
        return seen & 64 == 0 && isCanonical
    }
}
