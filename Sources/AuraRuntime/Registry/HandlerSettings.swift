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
        /// Texts in order.
        case list([String])
        /// Text that is never printed.
        case secret(Secret<String>)
        /// A handler that the handler is made over.
        case handler(ResolvedHandler)
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

    /// The texts under a key, where there are some; a list that a profile leaves empty has none.
    public func list(_ key: String) -> [String]? {
        guard let value = values[key] else { return nil }
        guard case .list(let list) = value else { fatalError("The setting '\(key)' is not a list.") }
        return list
    }

    /// The handler under a key that a profile chose for this one to be made over; `nil` while none is chosen.
    public func handler(_ key: String) -> ResolvedHandler? {
        guard let value = values[key] else { return nil }
        guard case .handler(let handler) = value else { fatalError("The setting '\(key)' is not a handler.") }
        return handler
    }

    /// Makes the handler under a key, for this one to be made over: see ``ManagedHandler/lending(_:)``.
    ///
    /// - Parameters:
    ///   - key: The setting's key.
    ///   - effect: The family that the setting was declared with.
    ///   - context: The context of the handler that is made over it, with what is left of the budget.
    /// - Returns: The handler, with what ends it.
    /// - Throws: ``EffectError`` where it cannot be made.
    public func makeHandler<Effect: EffectKey>(
        _ key: String,
        _ effect: Effect.Type,
        _ context: HandlerContext
    ) async throws(EffectError) -> ManagedHandler<Effect.Handler> {
        guard let handler = handler(key) else { fatalError("There is no handler under '\(key)'.") }
        var system = EffectSystem()
        let stop = try await handler.install(in: &system, instance: "", context)
        return ManagedHandler(system[effect], stop: stop)
    }

    /// The secret under a key, where there is one.
    public func secret(_ key: String) -> Secret<String>? {
        guard let value = values[key] else { return nil }
        guard case .secret(let secret) = value else { fatalError("The setting '\(key)' is not a secret.") }
        return secret
    }
}
