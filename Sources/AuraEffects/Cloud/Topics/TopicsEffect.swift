/// The key of ``PubSubEffects``.
public enum TopicsEffect: EffectKey {
    /// `topics`.
    public static let name = "topics"
    /// A handler that fails by name.
    public static var unimplemented: any PubSubEffects { UnimplementedPubSubEffects() }
    /// The catalogue of ``PubSubEffects``.
    public static var operations: [EffectOperation] { PubSubEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(
        _ handler: any PubSubEffects,
        by interceptors: InterceptorChain
    ) -> any PubSubEffects {
        InterceptedPubSubEffects(handler, interceptors)
    }
}

extension EffectSystem {
    /// Topics: messages that are published and delivered to every subscription.
    public var topics: any PubSubEffects {
        get { self[TopicsEffect.self] }
        set { self[TopicsEffect.self] = newValue }
    }
}

extension EffectNeed {
    /// Topics, base contract.
    public static var topics: EffectNeed { EffectNeed(TopicsEffect.self) }
    /// Topics with capabilities.
    public static func topics(_ capabilities: Capability...) -> EffectNeed {
        EffectNeed(TopicsEffect.self, Set(capabilities))
    }
}
