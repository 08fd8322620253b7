// Generated from HTTPEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``HTTPEffects``.
public enum HTTPEffectsOperations {
    /// `http.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "http",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `http.send`.
    public static let send = EffectOperation(
        effect: "http",
        name: "send",
        index: 1,
        idempotency: .dependsOnArguments,
        resource: "request"
    )
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [capabilities, send]
}

/// A ``HTTPEffects`` handler with interceptors around every operation.
public struct InterceptedHTTPEffects: HTTPEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any HTTPEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any HTTPEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `http.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(HTTPEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `http.send`.
    @inline(__always)
    public func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        let call = interceptors.call(
            HTTPEffectsOperations.send,
            resource: request.effectResource,
            isIdempotent: request.isRepeatable,
            isRepeatable: request.isRepeatable,
            arguments: [EffectArgument("request", request)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.send(request))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.send(request)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }
}

/// A ``HTTPEffects`` handler that fails by name.
public struct UnimplementedHTTPEffects: HTTPEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public func send(_ request: HTTPRequest) async throws(EffectError) -> HTTPResponse {
        throw .unimplemented("http", "send")
    }
}
