/// Finds a byte eight bytes at a time.
enum ByteSearch {
    /// Where the first `byte` at or after `start` stands.
    static func first(_ byte: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int) -> Int? {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let pattern = ones &* UInt64(byte)
        var offset = start
        while offset &+ 8 <= bytes.count {
            let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) ^ pattern
            // The lowest set bit marks the first zero byte: https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord
            let zeros = (word &- ones) & ~word & (ones &* 0x80)
            if zeros != 0 { return offset &+ zeros.trailingZeroBitCount / 8 }
            offset &+= 8
        }
        while offset < bytes.count {
            if bytes[offset] == byte { return offset }
            offset &+= 1
        }
        return nil
    }
}
