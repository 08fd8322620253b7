/// The key of ``KeyValueEffects``.
public enum KeyValuesEffect: EffectKey {
    /// `keyValues`.
    public static let name = "keyValues"
    /// A handler that fails by name.
    public static var unimplemented: any KeyValueEffects { UnimplementedKeyValueEffects() }
    /// The catalogue of ``KeyValueEffects``.
    public static var operations: [EffectOperation] { KeyValueEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(
        _ handler: any KeyValueEffects,
        by interceptors: InterceptorChain
    ) -> any KeyValueEffects {
        InterceptedKeyValueEffects(handler, interceptors)
    }
}

extension EffectSystem {
    /// Key-values: items of typed attributes in a table of a cloud.
    public var keyValues: any KeyValueEffects {
        get { self[KeyValuesEffect.self] }
        set { self[KeyValuesEffect.self] = newValue }
    }
}

extension EffectNeed {
    /// Key-values, base contract.
    public static var keyValues: EffectNeed { EffectNeed(KeyValuesEffect.self) }
    /// Key-values with capabilities.
    public static func keyValues(_ capabilities: Capability...) -> EffectNeed {
        EffectNeed(KeyValuesEffect.self, Set(capabilities))
    }
}
