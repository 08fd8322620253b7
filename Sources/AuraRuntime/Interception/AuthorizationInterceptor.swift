public import AuraEffects
public import Logging

/// What an authorization hook says of a call.
public enum AuthorizationDecision: Sendable, Hashable {
    /// The call goes on.
    case allow
    /// The call is refused; the reason stands in the error and in the log, and holds no secret.
    case deny(reason: String)
}

/// Asks a hook before every call of a handler, and refuses what it denies with `permissionDenied`.
///
/// ```swift
/// AuthorizationInterceptor(logger: logger) { call in
///     call.resource.hasPrefix("public/") ? .allow : .deny(reason: "Only public keys may be touched.")
/// }
/// ```
///
/// Who is calling travels in a task-local value of the application, which the hook reads. A refusal is written to the log
/// as ``SecurityEvent/Kind/authorizationDenied``. An error that the hook throws refuses the call too. Operations that
/// answer at once without failing, such as a clock's, do not pass the hook; the elements of a subscription do.
public struct AuthorizationInterceptor: Interceptor {
    /// `authorization`.
    public static let name = "authorization"

    /// Decides about a call.
    public typealias Hook = @Sendable (EffectCall) async throws(EffectError) -> AuthorizationDecision

    /// `authorization`.
    public var name: String { Self.name }

    /// Whether the hook reads ``EffectCall/arguments``.
    public let readsArguments: Bool

    private let logger: Logger
    private let showsResource: Bool
    private let decide: Hook

    /// Creates an interceptor.
    ///
    /// - Parameters:
    ///   - logger: Where refusals are written.
    ///   - readsArguments: Whether the hook reads the arguments of calls.
    ///   - showsResource: Whether the log names what a refused call was about.
    ///   - decide: The hook.
    public init(
        logger: Logger,
        readsArguments: Bool = false,
        showsResource: Bool = true,
        _ decide: @escaping Hook
    ) {
        self.logger = logger
        self.readsArguments = readsArguments
        self.showsResource = showsResource
        self.decide = decide
    }

    /// Carries out the call where the hook allows it.
    public func intercept(
        _ call: EffectCall,
        _ next: EffectContinuation
    ) async throws(EffectError) -> EffectAnswer {
        switch try await decide(call) {
        case .allow: return try await next()
        case .deny(let reason): throw refusal(of: call, reason)
        }
    }

    private func refusal(of call: EffectCall, _ reason: String) -> EffectError {
        let event = SecurityEvent(
            .authorizationDenied,
            effect: call.operation.effect,
            operation: call.operation.name,
            handler: name,
            resource: showsResource ? call.resource : "",
            reason: reason
        )
        event.log(to: logger)
        return EffectError(
            .permissionDenied,
            "The call is not allowed: \(reason)",
            effect: call.operation.effect,
            operation: call.operation.name,
            handler: name
        )
    }
}
