internal import AuraEffects
internal import AuraRuntime

/// Fills a buffer that is large enough with lines.
struct LineWriter {
    private let buffer: UnsafeMutableRawBufferPointer
    private var lineStart = 0
    private(set) var count = 0

    init(_ buffer: UnsafeMutableRawBufferPointer) {
        self.buffer = buffer
    }

    /// The most bytes that a text and a base64 value take: a control character becomes six bytes.
    static func size(of text: String, _ bytes: [UInt8]) -> Int {
        text.utf8.count * 6 + Base64.encodedCount(bytes.count)
    }

    mutating func append(_ text: StaticString) {
        let bytes = UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
        rest.copyMemory(from: bytes)
        count += bytes.count
    }

    mutating func append(_ number: UInt64) {
        withUnsafeTemporaryAllocation(byteCount: 20, alignment: 1) { digits in
            var start = digits.count
            var number = number
            repeat {
                start -= 1
                digits[start] = UInt8(ascii: "0") + UInt8(number % 10)
                number /= 10
            } while number > 0
            let used = UnsafeRawBufferPointer(rebasing: digits[start...])
            rest.copyMemory(from: used)
            count += used.count
        }
    }

    mutating func append(hex number: UInt128) {
        append(hex: UInt64(truncatingIfNeeded: number >> 64))
        append(hex: UInt64(truncatingIfNeeded: number))
    }

    mutating func append(hex number: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) {
            append(byte: Self.hexDigit(UInt8(truncatingIfNeeded: number >> UInt64(shift)) & 15))
        }
    }

    mutating func append(_ digest: SHA256Digest) {
        withUnsafeTemporaryAllocation(byteCount: SHA256Digest.byteCount, alignment: 8) { bytes in
            digest.store(into: bytes)
            for offset in stride(from: 0, to: SHA256Digest.byteCount, by: 8) {
                append(hex: UInt64(bigEndian: bytes.load(fromByteOffset: offset, as: UInt64.self)))
            }
        }
    }

    mutating func append(base64 bytes: [UInt8]) {
        bytes.withUnsafeBytes { count += Base64.encode($0, into: rest) }
    }

    /// A JSON string's contents: quotes, backslashes and control characters are escaped, all else is as it is.
    mutating func append(text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                append(byte: UInt8(ascii: "\\"))
                append(byte: byte)
            case 0..<0x20:
                append("\\u00")
                append(byte: Self.hexDigit(byte >> 4))
                append(byte: Self.hexDigit(byte & 15))
            default:
                append(byte: byte)
            }
        }
    }

    /// Ends the line with its check.
    mutating func endLine() {
        let line = UnsafeRawBufferPointer(rebasing: buffer[lineStart..<count])
        let check = XXHash64.hash(line)
        append(ExportFormat.checkStart)
        append(hex: check)
        append(ExportFormat.checkEnd)
        append(byte: UInt8(ascii: "\n"))
        lineStart = count
    }

    private var rest: UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
    }

    private mutating func append(byte: UInt8) {
        buffer[count] = byte
        count += 1
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") - 10 + value
    }
}
