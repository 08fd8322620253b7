public import AuraEffects

/// A setting that a handler takes in a profile.
public struct SettingDeclaration: Sendable, Hashable {
    /// What values a setting takes.
    public enum ValueType: Sendable, Hashable {
        /// Any text.
        case string
        /// The path of a file or folder; relative to the working directory.
        case path
        /// A whole number within a range.
        case integer(ClosedRange<Int>)
        /// `true` or `false`.
        case boolean
        /// A number of bytes with an optional unit, such as `10 MiB`.
        case byteCount
        /// A time with a unit, such as `250ms`, `60s` or `5m`.
        case duration
        /// One of several words.
        case choice([String])
        /// Texts in order: `[a, b]`, or a single one. A variable separates them by commas.
        case list
        /// Text that is never printed, usually `${secret:NAME}`.
        case secret
        /// A handler of the named effect that the handler is made over, with settings of its own.
        case handler(effect: String)
    }

    /// The setting's key.
    public var key: String
    /// What values it takes.
    public var type: ValueType
    /// The value without one in the profile, as a profile would spell it; `nil` where the setting is required or optional.
    public var defaultValue: String?
    /// Whether a profile must give it.
    public var isRequired: Bool
    /// What it is for, in one sentence.
    public var summary: String

    /// Declares a setting that a profile must give.
    public static func required(_ key: String, _ type: ValueType, _ summary: String) -> SettingDeclaration {
        SettingDeclaration(key: key, type: type, defaultValue: nil, isRequired: true, summary: summary)
    }

    /// Declares a handler that the handler is made over, which a profile must choose: `KEY: { handler: NAME, … }`.
    ///
    /// - Parameters:
    ///   - key: The setting's key, usually `over`.
    ///   - effect: The family of the handler underneath, which may be another one than the handler's own.
    ///   - summary: What it is for, in one sentence.
    /// - Returns: The declaration.
    public static func handler<Effect: EffectKey>(
        _ key: String,
        _ effect: Effect.Type,
        _ summary: String
    ) -> SettingDeclaration {
        .required(key, .handler(effect: effect.name), summary)
    }

    /// The family of the handler that the setting names; `nil` for a value.
    var innerEffect: String? {
        guard case .handler(let effect) = type else { return nil }
        return effect
    }

    /// Declares a setting that a profile may give.
    ///
    /// - Parameters:
    ///   - key: The setting's key.
    ///   - type: What values it takes.
    ///   - defaultValue: The value otherwise, as a profile would spell it.
    ///   - summary: What it is for, in one sentence.
    /// - Returns: The declaration.
    public static func optional(
        _ key: String,
        _ type: ValueType,
        default defaultValue: String? = nil,
        _ summary: String
    ) -> SettingDeclaration {
        SettingDeclaration(key: key, type: type, defaultValue: defaultValue, isRequired: false, summary: summary)
    }
}
