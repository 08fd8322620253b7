internal import AuraEffects

/// A handler as a profile chose it: checked settings, each with its source, but nothing made yet.
public struct ResolvedHandler: Sendable {
    /// One setting's value with its source.
    public struct Setting: Sendable, Hashable {
        /// The setting's key.
        public let key: String
        /// The value as a profile would spell it; `<redacted>` for a secret, `nil` where nothing gives one.
        public let value: String?
        /// Where the value comes from.
        public let place: SettingPlace
    }

    /// The effect's name.
    public let effect: String
    /// The instance's name; empty for the default one.
    public let instance: String
    /// Where the profile names the family or the instance.
    public let place: SettingPlace
    /// Where the handler's name comes from.
    public let technologyPlace: SettingPlace
    /// What the handler is.
    public let declaration: HandlerDeclaration
    /// The settings for display, in the order of their declaration.
    public let settings: [Setting]
    /// The checked values.
    public let values: HandlerSettings

    /// The instance as messages name it: `storage`, or `storage.archive`.
    public var key: String { instance.isEmpty ? effect : "\(effect).\(instance)" }

    /// The name of the handler's technology.
    public var technology: String { declaration.technology }
}

extension HandlerSettings.Value {
    /// The value as a profile would spell it, secrets aside.
    var spelled: String {
        switch self {
        case .string(let text): text
        case .integer(let number): String(number)
        case .boolean(let value): String(value)
        case .byteCount(let count): count.description
        case .duration(let duration): Self.spell(duration)
        case .secret(let secret): secret.description
        }
    }

    private static func spell(_ duration: Duration) -> String {
        let units: [(String, Int64)] = [
            ("h", 3_600_000_000_000), ("m", 60_000_000_000), ("s", 1_000_000_000), ("ms", 1_000_000), ("us", 1000),
        ]
        let nanoseconds = duration.nanoseconds
        for (name, size) in units where nanoseconds != 0 && nanoseconds % size == 0 {
            return "\(nanoseconds / size)\(name)"
        }
        return "\(nanoseconds)ns"
    }
}
