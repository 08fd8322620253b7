/// A cyclic redundancy check of 32 bits: finds damage, not forgery.
///
/// Eight bytes are taken at a time by eight tables ("slicing by 8").
package struct CRC32: Sendable, Hashable {
    /// What tells one check from another.
    package enum Polynomial: Sendable, Hashable {
        /// That of Ethernet, gzip and zip (ISO 3309).
        case ieee
        /// Castagnoli's (RFC 3385, section 7).
        case castagnoli

        fileprivate var reversed: UInt32 {
            switch self {
            case .ieee: 0xEDB8_8320
            case .castagnoli: 0x82F6_3B78
            }
        }

        fileprivate var tables: [UInt32] {
            switch self {
            case .ieee: Self.ieeeTables
            case .castagnoli: Self.castagnoliTables
            }
        }

        private static let ieeeTables = makeTables(ieee)
        private static let castagnoliTables = makeTables(castagnoli)

        private static func makeTables(_ polynomial: Polynomial) -> [UInt32] {
            var tables = [UInt32](repeating: 0, count: 8 * 256)
            for byte in 0..<256 {
                var remainder = UInt32(byte)
                for _ in 0..<8 {
                    remainder = remainder & 1 == 1 ? remainder >> 1 ^ polynomial.reversed : remainder >> 1
                }
                tables[byte] = remainder
            }
            for index in 256..<tables.count {
                let previous = tables[index - 256]
                tables[index] = previous >> 8 ^ tables[Int(previous & 255)]
            }
            return tables
        }
    }

    /// Which check it is.
    package let polynomial: Polynomial

    private var remainder: UInt32 = .max
    /// How many bytes were taken.
    package private(set) var byteCount = 0

    /// Creates the check of nothing yet.
    package init(_ polynomial: Polynomial) {
        self.polynomial = polynomial
    }

    /// The check of some bytes that were not taken here.
    ///
    /// - Parameters:
    ///   - polynomial: Which check it is.
    ///   - value: The bytes' check.
    ///   - byteCount: How many bytes there are.
    package init(_ polynomial: Polynomial, value: UInt32, byteCount: Int) {
        self.polynomial = polynomial
        remainder = ~value
        self.byteCount = byteCount
    }

    /// The check of an array of bytes.
    package static func check(_ bytes: [UInt8], _ polynomial: Polynomial) -> UInt32 {
        var check = CRC32(polynomial)
        check.update(bytes)
        return check.value
    }

    /// The check of the bytes so far.
    package var value: UInt32 { ~remainder }

    /// The four bytes of ``value``, the highest first.
    package var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * UInt32($0))) } }

    /// Takes an array of bytes.
    package mutating func update(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { unsafe update($0) }
    }

    /// Takes bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) {
        byteCount += bytes.count
        remainder = unsafe polynomial.tables.withUnsafeBufferPointer { tables in
            unsafe Self.remainder(after: bytes, from: remainder, tables)
        }
    }

    private static func remainder(
        after bytes: UnsafeRawBufferPointer,
        from start: UInt32,
        _ tables: UnsafeBufferPointer<UInt32>
    ) -> UInt32 {
        var remainder = start
        var offset = 0
        while offset &+ 8 <= bytes.count {
            let word =
                unsafe UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                ^ UInt64(remainder)
            // Two statements: one with all eight tables takes the compiler long.
            let low =
                unsafe tables[Int(7 &* 256 &+ (word & 255))] ^ tables[Int(6 &* 256 &+ (word &>> 8 & 255))]
                ^ tables[Int(5 &* 256 &+ (word &>> 16 & 255))] ^ tables[Int(4 &* 256 &+ (word &>> 24 & 255))]
            let high =
                unsafe tables[Int(3 &* 256 &+ (word &>> 32 & 255))] ^ tables[Int(2 &* 256 &+ (word &>> 40 & 255))]
                ^ tables[Int(1 &* 256 &+ (word &>> 48 & 255))] ^ tables[Int(word &>> 56)]
            remainder = low ^ high
            offset &+= 8
        }
        while offset < bytes.count {
            remainder = unsafe remainder >> 8 ^ tables[Int((remainder ^ UInt32(bytes[offset])) & 255)]
            offset &+= 1
        }
        return remainder
    }
}

extension CRC32 {
    /// Takes the bytes that another check has taken, without having them: their places are after those taken here.
    ///
    /// Source: Mark Adler's `crc32_combine` of zlib: a zero bit is a linear step, which is squared for as many as there are.
    package mutating func append(_ other: CRC32) {
        precondition(other.polynomial == polynomial, "Two checks of one kind are joined.")
        guard other.byteCount > 0 else { return }
        var operation = Self.zeroBit(polynomial)
        // One bit, two, four, then a byte, two bytes, and so on.
        for _ in 0..<3 { operation = Self.squared(operation) }
        var value = value
        var count = other.byteCount
        while count > 0 {
            if count & 1 == 1 { value = Self.product(operation, value) }
            operation = Self.squared(operation)
            count >>= 1
        }
        remainder = ~(value ^ other.value)
        byteCount += other.byteCount
    }

    private static func zeroBit(_ polynomial: Polynomial) -> [UInt32] {
        [polynomial.reversed] + (0..<31).map { 1 << UInt32($0) }
    }

    private static func product(_ matrix: [UInt32], _ vector: UInt32) -> UInt32 {
        var (sum, rest, row) = (UInt32(0), vector, 0)
        while rest != 0 {
            if rest & 1 == 1 { sum ^= matrix[row] }
            rest >>= 1
            row += 1
        }
        return sum
    }

    private static func squared(_ matrix: [UInt32]) -> [UInt32] {
        matrix.map { product(matrix, $0) }
    }
}
