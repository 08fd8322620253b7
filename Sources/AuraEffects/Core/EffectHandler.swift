/// What every effect protocol shares: a handler says what it can do.
///
/// A handler refuses what it does not declare with ``EffectError/Code/unsupported``, and what is larger than a
/// declared limit with ``EffectError/Code/invalidArgument``.
public protocol EffectHandler: Sendable {
    /// What the handler can do beyond the base contract, and its limits.
    var capabilities: Capabilities { get }
}
