/// A value that knows that it is secret: it prints as `<redacted>` wherever it is printed.
public struct Secret<Value: Sendable>: Sendable {
    private let value: Value

    /// Wraps a secret value.
    public init(_ value: Value) {
        self.value = value
    }

    /// Lends the value to `body`: the one way to it, so that a reader finds every use.
    public func withExposedValue<Result, Failure: Error>(
        _ body: (Value) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(value)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `<redacted>`.
    public var description: String { "<redacted>" }
    /// `<redacted>`.
    public var debugDescription: String { "<redacted>" }
    /// A mirror without children, so that `dump` shows nothing.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

extension Secret: Codable {
    /// Fails: a secret is never written, so there is none to read.
    public init(from decoder: any Decoder) throws {
        throw DecodingError.dataCorrupted(
            DecodingError.Context(
                codingPath: decoder.codingPath,
                debugDescription: "A secret is written as '<redacted>' and cannot be read back."
            )
        )
    }

    /// Writes `<redacted>`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
