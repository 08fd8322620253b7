internal import Synchronization

extension SHA256 {
    /// Mixes whole blocks into the eight words of a state, as FIPS 180-4 says in section 6.2.2.
    ///
    /// It is given the state, the first of the blocks of 64 bytes, and how many they are: one or more. It is called by many
    /// threads at the same time.
    public typealias BlockFunction = @convention(c) (UnsafeMutablePointer<UInt32>, UnsafeRawPointer, Int) -> Void

    private static let accelerated = Atomic<UInt>(0)

    /// What mixes blocks in instead of the Swift code, where something does.
    static var blockFunction: BlockFunction? {
        let address = accelerated.load(ordering: .relaxed)
        return address == 0 ? nil : unsafeBitCast(address, to: BlockFunction.self)
    }

    /// Whether hashes are computed by another implementation than the Swift code.
    package static var isAccelerated: Bool { accelerated.load(ordering: .relaxed) != 0 }

    /// Computes every hash of this process from now on by another implementation, such as one that uses the processor's
    /// instructions for SHA-256.
    ///
    /// A bundle of handlers on a C library calls it where it is linked; the digests stay the same. It is tried on some blocks
    /// first.
    ///
    /// - Parameter function: What mixes blocks in.
    /// - Returns: Whether it is used: `false` for one that gives other digests.
    @discardableResult
    public static func accelerate(with function: BlockFunction) -> Bool {
        let blocks = (0..<3 * blockSize).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        return blocks.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return false }
            var expected = State()
            for offset in stride(from: 0, to: bytes.count, by: blockSize) { compress(&expected, base + offset) }
            var state = State()
            compress(&state, base, blockCount: 3, by: function)
            guard state.digest == expected.digest else { return false }
            accelerated.store(unsafeBitCast(function, to: UInt.self), ordering: .relaxed)
            return true
        }
    }

    static func compress(_ state: inout State, _ blocks: UnsafeRawPointer, blockCount: Int, by function: BlockFunction)
    {
        withUnsafeMutablePointer(to: &state) { state in
            state.withMemoryRebound(to: UInt32.self, capacity: 8) { function($0, blocks, blockCount) }
        }
    }
}
