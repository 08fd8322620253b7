/// The name of a function: it begins with an ASCII letter, and 1 to 64 letters, digits, hyphens and underscores it is in all.
public struct FunctionName: RawRepresentable, Sendable, Hashable, Codable, ExpressibleByStringLiteral,
    CustomStringConvertible
{
    /// The name.
    public let rawValue: String

    /// Creates a name.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// Creates a name from a literal.
    public init(stringLiteral value: String) {
        self.init(rawValue: value)
    }

    /// The name.
    public var description: String { rawValue }
}

extension FunctionName: EffectResource {
    /// The function's name.
    public var effectResource: String { rawValue }
}

/// What a function answered.
public enum FunctionAnswer: Sendable, Hashable, Codable {
    /// It came to its end with this.
    case returned([UInt8])
    /// It failed.
    case failed(FunctionFailure)
}

/// An error of a function itself.
public struct FunctionFailure: Sendable, Hashable, Codable {
    /// What kind of error it is, as the function's runtime names it; empty where it names none.
    public var kind: String

    /// What the function says of it; it is the function's own, and may quote what it was given.
    public var message: String

    /// Creates a failure; for handlers.
    ///
    /// - Parameters:
    ///   - kind: What kind of error it is.
    ///   - message: What the function says of it.
    public init(kind: String, message: String) {
        self.kind = kind
        self.message = message
    }
}
