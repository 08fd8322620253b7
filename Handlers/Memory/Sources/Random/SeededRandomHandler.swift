public import AuraEffects
internal import Synchronization

/// Random numbers that follow from a seed: the same seed gives the same numbers, on every machine.
///
/// The generator is xoshiro256** (Blackman and Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM TOMS 47, 2021),
/// seeded by SplitMix64 (Steele, Lea and Flood, OOPSLA 2014) as its authors advise. It is not fit for keys or tokens.
public final class SeededRandomHandler: RandomEffects {
    /// The name in profiles.
    public static let technology = "seeded"

    private let generator: Mutex<Xoshiro256StarStar>

    /// Creates a source of random numbers.
    public init(seed: UInt64) {
        generator = Mutex(Xoshiro256StarStar(seed: seed))
    }

    /// Nothing beyond the base contract.
    public var capabilities: Capabilities { Capabilities() }

    /// The next 64 random bits.
    public func nextUInt64() -> UInt64 {
        generator.withLock { $0.next() }
    }

    /// Random bytes: the successive numbers' bytes, lowest first.
    public func bytes(_ count: Int) -> [UInt8] {
        generator.withLock { $0.bytes(count) }
    }
}

package struct Xoshiro256StarStar: RandomNumberGenerator, Sendable {
    @usableFromInline package var state: (UInt64, UInt64, UInt64, UInt64)

    package init(seed: UInt64) {
        var seeder = SplitMix64(state: seed)
        state = (seeder.next(), seeder.next(), seeder.next(), seeder.next())
    }

    init(state: (UInt64, UInt64, UInt64, UInt64)) {
        self.state = state
    }

    @inlinable package mutating func next() -> UInt64 {
        func rotate(_ value: UInt64, left count: UInt64) -> UInt64 {
            value << count | value >> (64 - count)
        }
        let result = rotate(state.1 &* 5, left: 7) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = rotate(state.3, left: 45)
        return result
    }
}

package struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    package init(state: UInt64) {
        self.state = state
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var word = state
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
