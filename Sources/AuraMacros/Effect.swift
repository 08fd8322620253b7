#if Macros
/// Makes the handlers of an effect from its protocol.
///
/// ```swift
/// @Effect("folder")
/// protocol FolderEffects: EffectHandler {
///     @Operation(.idempotent, resource: "path")
///     func read(_ path: String) async throws(EffectError) -> [UInt8]
/// }
/// ```
///
/// Beside the protocol there are then
/// - `FolderEffectsOperations`, the operation catalogue, for needs, policies and metrics,
/// - `InterceptedFolderEffects`, a handler with interceptors around every operation of another one,
/// - `UnimplementedFolderEffects`, a handler that fails by name.
///
/// The protocol inherits `Sendable` or `EffectHandler`. Its methods are `async throws(EffectError)`, or `async throws` where
/// handlers throw errors of other types, and take and answer `Sendable` values. What neither waits nor fails, such as a
/// get-only property, is an operation too. The file imports `AuraEffects`.
///
/// - Parameter name: The effect's name in profiles and messages: a lowercase letter, then letters, digits, '-' or '_'.
@attached(peer, names: suffixed(Operations), prefixed(Intercepted), prefixed(Unimplemented))
public macro Effect(_ name: String) = #externalMacro(module: "AuraMacrosPlugin", type: "EffectMacro")

/// Says of an operation of an effect protocol what its types do not.
///
/// - Parameters:
///   - idempotency: When a repeated call has the effect of a single one, so that a policy may repeat it.
///   - repeatable: Where the arguments serve for another attempt: an expression of the method's parameters, such as
///     `"body.isRepeatable"`; always where it is left out.
///   - resource: The parameter that names what a call is about, by its name within the method; its type is an
///     `EffectResource`.
///   - name: The operation's name in the catalogue, for methods that share a name.
@attached(peer)
public macro Operation(
    _ idempotency: OperationIdempotency = .never,
    repeatable: String? = nil,
    resource: String? = nil,
    name: String? = nil
) = #externalMacro(module: "AuraMacrosPlugin", type: "OperationMacro")

/// When a repeated call of an operation has the effect of a single one.
public enum OperationIdempotency {
    /// Never: the operation is not repeated.
    case never

    /// Always.
    case idempotent

    /// Where a condition holds.
    ///
    /// - Parameter condition: An expression of the method's parameters, such as `"precondition == .none"`.
    /// - Returns: What the macro reads off the attribute's text.
    public static func idempotent(when condition: String) -> OperationIdempotency { .idempotent }
}
#endif
