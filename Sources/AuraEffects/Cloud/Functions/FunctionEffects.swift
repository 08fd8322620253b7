// @Effect("functions")
/// Functions that a service runs when they are called.
///
/// An error of the function is an answer; an error of the service is thrown. Every method throws ``EffectError``: `notFound` for
/// a function that does not exist, `invalidArgument` for a payload beyond the declared limits, `throttled`, `unavailable` or
/// `resourceExhausted` where the service does not run the function now, `cancelled` once the task is cancelled. Once the
/// function may have begun the outcome is `unknown`.
public protocol FunctionEffects: EffectHandler {
    // @Operation(resource: "function")
    /// Runs a function and waits for its answer.
    ///
    /// - Parameters:
    ///   - function: The function.
    ///   - payload: What it is given, at most the declared ``Limit/requestBytes``; it may be empty.
    /// - Returns: What the function answered, also where that is an error of its own or that it ran for too long.
    /// - Throws: ``EffectError``, as for every method.
    func invoke(_ function: FunctionName, _ payload: [UInt8]) async throws(EffectError) -> FunctionAnswer

    // @Operation(resource: "function")
    /// Has a function run without waiting for it: the capability ``Capability/invokeAsync``.
    ///
    /// The service runs it at least once, and again where it fails, as often as the service is set up to.
    ///
    /// - Parameters:
    ///   - function: The function.
    ///   - payload: What it is given, at most the declared ``Limit/asyncPayloadBytes``.
    /// - Throws: `unsupported` without the capability.
    func invokeAsync(_ function: FunctionName, _ payload: [UInt8]) async throws(EffectError)
}
