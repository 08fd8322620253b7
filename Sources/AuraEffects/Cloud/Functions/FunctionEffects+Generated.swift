// Generated from FunctionEffects.swift by 'make generate'; do not edit.

/// The operation catalogue of ``FunctionEffects``.
public enum FunctionEffectsOperations {
    /// `functions.capabilities`.
    public static let capabilities = EffectOperation(
        effect: "functions",
        name: "capabilities",
        index: 0,
        kind: .synchronous,
        idempotency: .always
    )
    /// `functions.invoke`.
    public static let invoke = EffectOperation(effect: "functions", name: "invoke", index: 1, resource: "function")
    /// `functions.invokeAsync`.
    public static let invokeAsync = EffectOperation(
        effect: "functions",
        name: "invokeAsync",
        index: 2,
        resource: "function"
    )
    /// Every operation, in the order of the protocol.
    public static let all: [EffectOperation] = [capabilities, invoke, invokeAsync]
}

/// A ``FunctionEffects`` handler with interceptors around every operation.
public struct InterceptedFunctionEffects: FunctionEffects, InterceptedHandler {
    /// The handler that the interceptors surround.
    public let base: any FunctionEffects
    private let interceptors: InterceptorChain

    /// Puts a chain around a handler.
    public init(_ base: any FunctionEffects, _ interceptors: InterceptorChain) {
        self.base = base
        self.interceptors = interceptors
    }

    /// `functions.capabilities`.
    public var capabilities: Capabilities {
        interceptors.synchronous(
            interceptors.call(FunctionEffectsOperations.capabilities, isIdempotent: true),
            base.capabilities
        )
    }

    /// `functions.invoke`.
    @inline(__always)
    public func invoke(_ function: FunctionName, _ payload: [UInt8]) async throws(EffectError) -> FunctionAnswer {
        let call = interceptors.call(
            FunctionEffectsOperations.invoke,
            resource: function.effectResource,
            arguments: [EffectArgument("function", function), EffectArgument("payload", payload)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.invoke(function, payload))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            let answer = try await base.invoke(function, payload)
            interceptors.ended(call, since: start)
            return answer
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }

    /// `functions.invokeAsync`.
    @inline(__always)
    public func invokeAsync(_ function: FunctionName, _ payload: [UInt8]) async throws(EffectError) {
        let call = interceptors.call(
            FunctionEffectsOperations.invokeAsync,
            resource: function.effectResource,
            arguments: [EffectArgument("function", function), EffectArgument("payload", payload)]
        )
        guard interceptors.onlyObserves else {
            let base = base
            @Sendable func perform() async throws(EffectError) -> EffectAnswer {
                AnswerOf(try await base.invokeAsync(function, payload))
            }
            return try await interceptors.intercept(call, perform)
        }
        let start = interceptors.began(call)
        do throws(EffectError) {
            try await base.invokeAsync(function, payload)
            interceptors.ended(call, since: start)
        } catch {
            interceptors.ended(call, since: start, with: error)
            throw error
        }
    }
}

/// A ``FunctionEffects`` handler that fails by name.
public struct UnimplementedFunctionEffects: FunctionEffects {
    /// Creates the handler.
    public init() {}

    /// None.
    public var capabilities: Capabilities {
        Capabilities()
    }

    /// Fails.
    public func invoke(_ function: FunctionName, _ payload: [UInt8]) async throws(EffectError) -> FunctionAnswer {
        throw .unimplemented("functions", "invoke")
    }

    /// Fails.
    public func invokeAsync(_ function: FunctionName, _ payload: [UInt8]) async throws(EffectError) {
        throw .unimplemented("functions", "invokeAsync")
    }
}
