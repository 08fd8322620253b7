// @Effect("random")
/// Random bytes and numbers.
public protocol RandomEffects: EffectHandler {
    /// The next 64 random bits.
    func nextUInt64() -> UInt64

    /// Random bytes.
    ///
    /// - Parameter count: How many; not negative.
    /// - Returns: The bytes.
    func bytes(_ count: Int) -> [UInt8]
}

extension RandomEffects {
    /// This handler as a generator, for the standard library's `random(in:using:)` and `shuffled(using:)`.
    public var generator: EffectRandomNumberGenerator { EffectRandomNumberGenerator(self) }

    /// The next 128 random bits.
    public func nextUInt128() -> UInt128 {
        UInt128(nextUInt64()) << 64 | UInt128(nextUInt64())
    }
}

/// A ``RandomEffects`` handler as a `RandomNumberGenerator` of the standard library.
public struct EffectRandomNumberGenerator: RandomNumberGenerator, Sendable {
    private let random: any RandomEffects

    /// Wraps a handler.
    public init(_ random: any RandomEffects) {
        self.random = random
    }

    /// The next 64 random bits.
    public mutating func next() -> UInt64 {
        random.nextUInt64()
    }
}
