public import AuraEffects

/// A handler's settings after the profile was checked: every value has its declared type, and defaults are filled in.
///
/// Asking for a key that the handler did not declare, or as another type, is a defect of the handler and stops the
/// process.
public struct HandlerSettings: Sendable {
    /// A checked value.
    public enum Value: Sendable {
        /// Text, a path or one of several words.
        case string(String)
        /// A whole number.
        case integer(Int)
        /// `true` or `false`.
        case boolean(Bool)
        /// A number of bytes.
        case byteCount(ByteCount)
        /// A time.
        case duration(Duration)
        /// Text that is never printed.
        case secret(Secret<String>)
    }

    private let values: [String: Value]

    /// Creates settings; a test may do so without a profile.
    public init(_ values: [String: Value]) {
        self.values = values
    }

    /// These settings with another value under a key, or none.
    func setting(_ key: String, to value: Value?) -> HandlerSettings {
        var values = values
        values[key] = value
        return HandlerSettings(values)
    }

    /// The text, path or word under a key, where there is one.
    public func string(_ key: String) -> String? {
        guard let value = values[key] else { return nil }
        guard case .string(let string) = value else { fatalError("The setting '\(key)' is not text.") }
        return string
    }

    /// The number under a key, where there is one.
    public func integer(_ key: String) -> Int? {
        guard let value = values[key] else { return nil }
        guard case .integer(let integer) = value else { fatalError("The setting '\(key)' is not a number.") }
        return integer
    }

    /// The truth value under a key, where there is one.
    public func boolean(_ key: String) -> Bool? {
        guard let value = values[key] else { return nil }
        guard case .boolean(let boolean) = value else { fatalError("The setting '\(key)' is not true or false.") }
        return boolean
    }

    /// The number of bytes under a key, where there is one.
    public func byteCount(_ key: String) -> ByteCount? {
        guard let value = values[key] else { return nil }
        guard case .byteCount(let count) = value else { fatalError("The setting '\(key)' is not a number of bytes.") }
        return count
    }

    /// The time under a key, where there is one.
    public func duration(_ key: String) -> Duration? {
        guard let value = values[key] else { return nil }
        guard case .duration(let duration) = value else { fatalError("The setting '\(key)' is not a time.") }
        return duration
    }

    /// The secret under a key, where there is one.
    public func secret(_ key: String) -> Secret<String>? {
        guard let value = values[key] else { return nil }
        guard case .secret(let secret) = value else { fatalError("The setting '\(key)' is not a secret.") }
        return secret
    }
}
