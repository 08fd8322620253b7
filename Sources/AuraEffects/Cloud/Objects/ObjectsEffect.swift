/// The key of ``ObjectStorageEffects``.
public enum ObjectsEffect: EffectKey {
    /// `objects`.
    public static let name = "objects"
    /// A handler that fails by name.
    public static var unimplemented: any ObjectStorageEffects { UnimplementedObjectStorageEffects() }
    /// The catalogue of ``ObjectStorageEffects``.
    public static var operations: [EffectOperation] { ObjectStorageEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(
        _ handler: any ObjectStorageEffects,
        by interceptors: InterceptorChain
    ) -> any ObjectStorageEffects {
        InterceptedObjectStorageEffects(handler, interceptors)
    }
}

extension EffectSystem {
    /// Objects: bodies of any size by key, in a bucket of a cloud.
    public var objects: any ObjectStorageEffects {
        get { self[ObjectsEffect.self] }
        set { self[ObjectsEffect.self] = newValue }
    }
}

extension EffectNeed {
    /// Objects, base contract.
    public static var objects: EffectNeed { EffectNeed(ObjectsEffect.self) }
    /// Objects with capabilities.
    public static func objects(_ capabilities: Capability...) -> EffectNeed {
        EffectNeed(ObjectsEffect.self, Set(capabilities))
    }
}
