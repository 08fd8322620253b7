public import AuraEffects
public import Logging

/// What an application puts around its handlers, such as an authorization or an audit: a name, and what makes it for each
/// handler.
///
/// ```swift
/// static let interception: [InterceptionLayer] = [
///     .interceptor("read-only", of: [StorageEffect.name]) { _ in ReadOnly() }
/// ]
/// ```
///
/// Layers stand in their order, the first outermost: within what the profile says of telemetry and recording, and around
/// its policy and faults.
public struct InterceptionLayer: Sendable {
    /// The name in `profile explain`.
    public let name: String

    /// The effects whose handlers it surrounds; `nil` for all.
    public let effects: Set<String>?

    let make: @Sendable (InterceptionContext) -> Surroundings

    private init(
        _ name: String,
        _ effects: Set<String>?,
        _ make: @escaping @Sendable (InterceptionContext) -> Surroundings
    ) {
        self.name = name
        self.effects = effects
        self.make = make
    }

    /// A layer that takes part in calls.
    ///
    /// - Parameters:
    ///   - name: The name in `profile explain`.
    ///   - effects: The effects whose handlers it surrounds; `nil` for all.
    ///   - make: Makes the interceptor of a handler.
    /// - Returns: The layer.
    public static func interceptor(
        _ name: String,
        of effects: Set<String>? = nil,
        _ make: @escaping @Sendable (InterceptionContext) -> any Interceptor
    ) -> InterceptionLayer {
        InterceptionLayer(name, effects) { Surroundings(interceptors: [make($0)]) }
    }

    /// A layer that watches calls.
    ///
    /// - Parameters:
    ///   - name: The name in `profile explain`.
    ///   - effects: The effects whose handlers it surrounds; `nil` for all.
    ///   - make: Makes the observer of a handler.
    /// - Returns: The layer.
    public static func observer(
        _ name: String,
        of effects: Set<String>? = nil,
        _ make: @escaping @Sendable (InterceptionContext) -> any EffectObserver
    ) -> InterceptionLayer {
        InterceptionLayer(name, effects) { Surroundings(observers: [make($0)]) }
    }

    func surrounds(_ effect: String) -> Bool {
        effects?.contains(effect) ?? true
    }
}

/// What a layer may know of the handler that it surrounds.
public struct InterceptionContext: Sendable {
    /// The handler.
    public let target: EffectTarget
    /// The family's operation catalogue.
    public let operations: [EffectOperation]
    /// The profile's time handler, with nothing around it.
    public let time: any TimeEffects
    /// The profile's random handler, with nothing around it.
    public let random: any RandomEffects
    /// The handler's logger.
    public let logger: Logger
}

/// What surrounds one handler.
struct Surroundings {
    var observers: [any EffectObserver] = []
    var interceptors: [any Interceptor] = []

    var isEmpty: Bool { observers.isEmpty && interceptors.isEmpty }

    static func + (outer: Surroundings, inner: Surroundings) -> Surroundings {
        Surroundings(
            observers: outer.observers + inner.observers,
            interceptors: outer.interceptors + inner.interceptors
        )
    }
}
