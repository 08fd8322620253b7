#if AWS
internal import AuraEffects

/// A key that checks signatures by RSA: only public numbers, so nothing here hides how long it takes.
///
/// Source: RFC 8017, sections 5.2.2, 8.2.2 and 9.2.
struct RSAPublicKey: Sendable, Hashable {
    /// How what was signed was hashed.
    enum Hash: Sendable {
        case sha1
        case sha256

        /// The hash with its name before it, as a signature holds it.
        func digestInfo(_ bytes: [UInt8]) -> [UInt8] {
            switch self {
            case .sha1: Self.sha1Name + SHA1.hash(bytes)
            case .sha256: Self.sha256Name + SHA256.hash(bytes).bytes
            }
        }

        private static let sha1Name: [UInt8] = [
            0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00, 0x04, 0x14,
        ]
        private static let sha256Name: [UInt8] = [
            0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
            0x20,
        ]
    }

    /// In limbs of 32 bits, the lowest first; odd.
    private let modulus: [UInt32]
    private let exponent: UInt32
    private let byteCount: Int

    /// Creates a key; `nil` for numbers that are none of a key.
    ///
    /// - Parameters:
    ///   - modulus: The modulus, the highest byte first; 2048 to 8192 bits.
    ///   - exponent: The exponent, the highest byte first.
    init?(modulus: [UInt8], exponent: [UInt8]) {
        let modulus = Array(modulus.drop { $0 == 0 })
        let exponent = exponent.drop { $0 == 0 }
        guard (256...1024).contains(modulus.count), modulus.count % 4 == 0, let last = modulus.last, last % 2 == 1,
            (1...4).contains(exponent.count)
        else { return nil }
        self.modulus = Self.limbs(modulus)
        self.exponent = exponent.reduce(0) { $0 << 8 | UInt32($1) }
        byteCount = modulus.count
        guard self.exponent > 1, self.exponent % 2 == 1 else { return nil }
    }

    /// Whether a signature by RSASSA-PKCS1-v1_5 is that of bytes.
    func isSignature(_ signature: [UInt8], of bytes: [UInt8], hashedBy hash: Hash) -> Bool {
        guard signature.count == byteCount else { return false }
        let number = Self.limbs(signature)
        guard Self.isLess(number, modulus) else { return false }
        let info = hash.digestInfo(bytes)
        let filler = [UInt8](repeating: 0xFF, count: byteCount - info.count - 3)
        // The whole block is compared: what parses it could be led astray.
        return power(number) == Self.limbs([0, 1] + filler + [0] + info)
    }

    // MARK: Numbers

    private static func limbs(_ bytes: [UInt8]) -> [UInt32] {
        stride(from: bytes.count, to: 0, by: -4)
            .map { end in bytes[(end - 4)..<end].reduce(0) { $0 << 8 | UInt32($1) } }
    }

    private static func isLess(_ left: [UInt32], _ right: [UInt32]) -> Bool {
        for index in left.indices.reversed() where left[index] != right[index] { return left[index] < right[index] }
        return false
    }

    private static func subtract(_ right: [UInt32], from left: inout [UInt32]) {
        var borrow: Int64 = 0
        for index in left.indices {
            let difference = Int64(left[index]) - Int64(right[index]) - borrow
            left[index] = UInt32(truncatingIfNeeded: difference)
            borrow = difference < 0 ? 1 : 0
        }
    }

    /// A number to the power of the exponent, modulo the modulus.
    private func power(_ number: [UInt32]) -> [UInt32] {
        let inverse = Self.negativeInverse(modulus[0])
        // R² by doubling 1, with R = 2 to the power of the modulus's bits.
        var square = [UInt32](repeating: 0, count: modulus.count)
        square[0] = 1
        for _ in 0..<(64 * modulus.count) { double(&square) }
        let base = product(number, square, inverse)
        var result = base
        for bit in (0..<(31 - exponent.leadingZeroBitCount)).reversed() {
            result = product(result, result, inverse)
            if exponent >> UInt32(bit) & 1 == 1 { result = product(result, base, inverse) }
        }
        var one = [UInt32](repeating: 0, count: modulus.count)
        one[0] = 1
        return product(result, one, inverse)
    }

    private func double(_ number: inout [UInt32]) {
        var carry: UInt32 = 0
        for index in number.indices {
            let high = number[index] >> 31
            number[index] = number[index] << 1 | carry
            carry = high
        }
        if carry == 1 || !Self.isLess(number, modulus) { Self.subtract(modulus, from: &number) }
    }

    /// Montgomery's product: `left * right / R`.
    ///
    /// Source: Koç, Acar, Kaliski, "Analyzing and Comparing Montgomery Multiplication Algorithms", CIOS.
    private func product(_ left: [UInt32], _ right: [UInt32], _ inverse: UInt32) -> [UInt32] {
        let count = modulus.count
        var sum = [UInt32](repeating: 0, count: count + 2)
        for limb in right {
            var carry: UInt64 = 0
            for index in 0..<count {
                carry += UInt64(left[index]) * UInt64(limb) + UInt64(sum[index])
                sum[index] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            carry += UInt64(sum[count])
            sum[count] = UInt32(truncatingIfNeeded: carry)
            sum[count + 1] = UInt32(carry >> 32)
            let factor = UInt64(sum[0] &* inverse)
            carry = (factor * UInt64(modulus[0]) + UInt64(sum[0])) >> 32
            for index in 1..<count {
                carry += factor * UInt64(modulus[index]) + UInt64(sum[index])
                sum[index - 1] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            carry += UInt64(sum[count])
            sum[count - 1] = UInt32(truncatingIfNeeded: carry)
            sum[count] = sum[count + 1] + UInt32(carry >> 32)
        }
        var result = Array(sum[..<count])
        if sum[count] != 0 || !Self.isLess(result, modulus) { Self.subtract(modulus, from: &result) }
        return result
    }

    /// `-1 / number` modulo 2^32, by Newton's iteration.
    private static func negativeInverse(_ number: UInt32) -> UInt32 {
        var inverse: UInt32 = 1
        for _ in 0..<5 { inverse = inverse &* (2 &- number &* inverse) }
        return 0 &- inverse
    }
}
#endif
