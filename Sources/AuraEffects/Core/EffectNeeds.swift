/// What an application needs of one effect family.
public struct EffectNeed: Sendable, Hashable {
    /// The family's name.
    public var effect: String

    /// The instance's name in the profile; empty for the family's default instance.
    public var instance: String

    /// The capabilities that the handler must declare.
    public var capabilities: Set<Capability>

    /// The least value of each limit that the application can live with.
    public var limits: [Limit: Int]

    /// Creates a need.
    ///
    /// - Parameters:
    ///   - key: The family.
    ///   - capabilities: The capabilities that the handler must declare.
    ///   - instance: The instance's name in the profile.
    ///   - limits: The least value of each limit that the application can live with.
    public init<Key: EffectKey>(
        _ key: Key.Type,
        _ capabilities: Set<Capability> = [],
        instance: String = "",
        atLeast limits: [Limit: Int] = [:]
    ) {
        self.effect = key.name
        self.instance = instance
        self.capabilities = capabilities
        self.limits = limits
    }

    /// The same need of a named instance of the family.
    public func named(_ instance: String) -> EffectNeed {
        var copy = self
        copy.instance = instance
        return copy
    }
}

extension EffectNeed {
    /// Storage, base contract.
    public static var storage: EffectNeed { EffectNeed(StorageEffect.self) }
    /// Storage with capabilities.
    public static func storage(_ capabilities: Capability...) -> EffectNeed {
        EffectNeed(StorageEffect.self, Set(capabilities))
    }

    /// Journal, base contract.
    public static var journal: EffectNeed { EffectNeed(JournalEffect.self) }
    /// Journal with capabilities.
    public static func journal(_ capabilities: Capability...) -> EffectNeed {
        EffectNeed(JournalEffect.self, Set(capabilities))
    }

    /// Network, base contract.
    public static var network: EffectNeed { EffectNeed(NetworkEffect.self) }
    /// Network with capabilities.
    public static func network(_ capabilities: Capability...) -> EffectNeed {
        EffectNeed(NetworkEffect.self, Set(capabilities))
    }

    /// Time, base contract.
    public static var time: EffectNeed { EffectNeed(TimeEffect.self) }
    /// Time with capabilities.
    public static func time(_ capabilities: Capability...) -> EffectNeed {
        EffectNeed(TimeEffect.self, Set(capabilities))
    }

    /// Random, base contract.
    public static var random: EffectNeed { EffectNeed(RandomEffect.self) }
    /// Random with capabilities.
    public static func random(_ capabilities: Capability...) -> EffectNeed {
        EffectNeed(RandomEffect.self, Set(capabilities))
    }

    /// Crypto, base contract.
    public static var crypto: EffectNeed { EffectNeed(CryptoEffect.self) }

    /// Keys, base contract.
    public static var keys: EffectNeed { EffectNeed(KeysEffect.self) }
    /// Keys with capabilities.
    public static func keys(_ capabilities: Capability...) -> EffectNeed {
        EffectNeed(KeysEffect.self, Set(capabilities))
    }
}

/// What an application needs of its effects: declared once, checked at start-up and in CI.
///
/// ```swift
/// static let needs: EffectNeeds = [.journal(.durable), .storage, .time, .random]
/// ```
public struct EffectNeeds: Sendable, ExpressibleByArrayLiteral {
    /// The needs in the order of their declaration.
    public var needs: [EffectNeed]

    /// Creates the declaration from its parts.
    public init(_ needs: [EffectNeed]) {
        self.needs = needs
    }

    /// Creates the declaration from a literal.
    public init(arrayLiteral elements: EffectNeed...) {
        self.needs = elements
    }
}
