/// SplitMix64, Steele, Lea and Flood 2014.
struct TestGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed &+ 0x1234_5678
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = (state ^ state &>> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed &>> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed &>> 31
    }

    mutating func below(_ bound: Int) -> Int {
        Int(next() % UInt64(bound))
    }

    /// So many bytes, which begin with a text and are then the same.
    mutating func bytes(_ count: Int, _ text: String) -> [UInt8] {
        Array(text.utf8) + Array(repeating: UInt8(truncatingIfNeeded: next()), count: count)
    }
}
