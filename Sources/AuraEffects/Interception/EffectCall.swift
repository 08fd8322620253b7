/// One call of an operation, as interceptors see it.
public struct EffectCall: Sendable {
    /// The operation.
    public let operation: EffectOperation

    /// What the call is about, such as a storage key; empty where the operation has no such parameter.
    ///
    /// It may come from a user: do not make it a metric's label.
    public let resource: String

    /// Whether the call may be repeated after its outcome is unknown.
    public let isIdempotent: Bool

    /// Whether the arguments serve for another attempt: not a body that can be had once.
    ///
    /// Only such a call may be repeated after a refusal that changed nothing.
    public let isRepeatable: Bool

    /// The arguments in their order; empty unless an interceptor of the chain asked for them.
    public let arguments: [EffectArgument]

    /// Creates a call; the generated handlers do.
    @inlinable
    public init(
        _ operation: EffectOperation,
        resource: String = "",
        isIdempotent: Bool = false,
        isRepeatable: Bool = true,
        arguments: [EffectArgument] = []
    ) {
        self.operation = operation
        self.resource = resource
        self.isIdempotent = isIdempotent
        self.isRepeatable = isRepeatable
        self.arguments = arguments
    }
}

/// One argument of a call.
public struct EffectArgument: Sendable {
    /// The parameter's name within the method.
    public let name: String

    /// The value.
    public let value: any Sendable

    /// Creates an argument.
    public init(_ name: String, _ value: any Sendable) {
        self.name = name
        self.value = value
    }
}

/// The handler that a chain surrounds, as a profile names it.
public final class EffectTarget: Sendable {
    /// The effect's name.
    public let effect: String

    /// The instance's name; empty for the effect's default instance.
    public let instance: String

    /// The handler's technology, such as `sqlite`; empty where nobody named it.
    public let handler: String

    /// Names a handler.
    public init(effect: String, instance: String = "", handler: String = "") {
        self.effect = effect
        self.instance = instance
        self.handler = handler
    }
}
