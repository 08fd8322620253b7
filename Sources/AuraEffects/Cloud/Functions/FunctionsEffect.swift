/// The key of ``FunctionEffects``.
public enum FunctionsEffect: EffectKey {
    /// `functions`.
    public static let name = "functions"
    /// A handler that fails by name.
    public static var unimplemented: any FunctionEffects { UnimplementedFunctionEffects() }
    /// The catalogue of ``FunctionEffects``.
    public static var operations: [EffectOperation] { FunctionEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(
        _ handler: any FunctionEffects,
        by interceptors: InterceptorChain
    ) -> any FunctionEffects {
        InterceptedFunctionEffects(handler, interceptors)
    }
}

extension EffectSystem {
    /// Functions: code that a service runs when it is called.
    public var functions: any FunctionEffects {
        get { self[FunctionsEffect.self] }
        set { self[FunctionsEffect.self] = newValue }
    }
}

extension EffectNeed {
    /// Functions, base contract.
    public static var functions: EffectNeed { EffectNeed(FunctionsEffect.self) }
    /// Functions with capabilities.
    public static func functions(_ capabilities: Capability...) -> EffectNeed {
        EffectNeed(FunctionsEffect.self, Set(capabilities))
    }
}
