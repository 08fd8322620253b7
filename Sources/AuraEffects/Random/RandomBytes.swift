extension RandomNumberGenerator {
    /// Random bytes: the successive numbers' bytes, lowest first.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let word = next()
            for index in 0..<min(8, count - bytes.count) {
                bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(index))))
            }
        }
        return bytes
    }
}
