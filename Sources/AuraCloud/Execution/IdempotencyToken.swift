public import AuraEffects

/// A name that a client gives a change, so that a service takes a repetition for what it is.
public struct IdempotencyToken: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
    /// The name: 32 hexadecimal digits where ``init(_:)`` made it.
    public let rawValue: String

    /// Takes a name that is there.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Makes a name that nobody else has.
    ///
    /// - Parameter random: Where it comes from.
    public init(_ random: any RandomEffects) {
        rawValue = Hexadecimal.string(random.nextUInt128())
    }

    /// The name.
    public var description: String { rawValue }
}
