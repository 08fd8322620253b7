public import AuraEffects

/// The operating system's random numbers, fit for keys and tokens.
public struct SystemRandomHandler: RandomEffects {
    /// The name in profiles.
    public static let technology = "system"

    /// What the handler declares.
    public static let capabilities = Capabilities([.unpredictable])

    /// Creates a handler.
    public init() {}

    /// Random values that nobody can foretell.
    public var capabilities: Capabilities { Self.capabilities }

    /// The next 64 random bits.
    public func nextUInt64() -> UInt64 {
        var generator = SystemRandomNumberGenerator()
        return generator.next()
    }

    /// Random bytes.
    public func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return generator.bytes(count)
    }
}
