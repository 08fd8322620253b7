/// The key of ``MessageQueueEffects``.
public enum QueueEffect: EffectKey {
    /// `queue`.
    public static let name = "queue"
    /// A handler that fails by name.
    public static var unimplemented: any MessageQueueEffects { UnimplementedMessageQueueEffects() }
    /// The catalogue of ``MessageQueueEffects``.
    public static var operations: [EffectOperation] { MessageQueueEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(
        _ handler: any MessageQueueEffects,
        by interceptors: InterceptorChain
    ) -> any MessageQueueEffects {
        InterceptedMessageQueueEffects(handler, interceptors)
    }
}

extension EffectSystem {
    /// Queue: messages that wait until one receiver has dealt with them.
    public var queue: any MessageQueueEffects {
        get { self[QueueEffect.self] }
        set { self[QueueEffect.self] = newValue }
    }
}

extension EffectNeed {
    /// Queue, base contract.
    public static var queue: EffectNeed { EffectNeed(QueueEffect.self) }
    /// Queue with capabilities.
    public static func queue(_ capabilities: Capability...) -> EffectNeed {
        EffectNeed(QueueEffect.self, Set(capabilities))
    }
}
