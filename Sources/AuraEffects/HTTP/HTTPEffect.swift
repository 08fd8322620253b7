/// The key of ``HTTPEffects``.
public enum HTTPEffect: EffectKey {
    /// `http`.
    public static let name = "http"
    /// A handler that fails by name.
    public static var unimplemented: any HTTPEffects { UnimplementedHTTPEffects() }
    /// The catalogue of ``HTTPEffects``.
    public static var operations: [EffectOperation] { HTTPEffectsOperations.all }
    /// A handler with interceptors around it.
    public static func intercepted(_ handler: any HTTPEffects, by interceptors: InterceptorChain) -> any HTTPEffects {
        InterceptedHTTPEffects(handler, interceptors)
    }
}

extension EffectSystem {
    /// Requests over HTTP.
    public var http: any HTTPEffects {
        get { self[HTTPEffect.self] }
        set { self[HTTPEffect.self] = newValue }
    }
}

extension EffectNeed {
    /// HTTP, base contract.
    public static var http: EffectNeed { EffectNeed(HTTPEffect.self) }
    /// HTTP with capabilities.
    public static func http(_ capabilities: Capability...) -> EffectNeed {
        EffectNeed(HTTPEffect.self, Set(capabilities))
    }
}

extension Capability {
    /// Requests to one server share a connection where the server speaks HTTP/2.
    public static let multiplexing = Capability(rawValue: "multiplexing")
}

extension Limit {
    /// The most bytes that the fields of an answer have together.
    public static let responseFieldBytes = Limit(rawValue: "responseFieldBytes")
}
