#if AWS
public import AuraEffects
internal import AuraRuntime

/// What Lambda says of a function that it has run.
public struct LambdaAnswer: Sendable, Hashable {
    /// What the function answered.
    public var answer: FunctionAnswer

    /// The version that ran; empty where Lambda does not say.
    public var version: String

    /// The last 4 KiB of what the function logged; `nil` where that was not asked for.
    ///
    /// It is the function's own, and may quote what it was given.
    public var log: String?

    init(_ response: HTTPResponse, _ bytes: [UInt8]) {
        version = response.fields["x-amz-executed-version"] ?? ""
        log = response.fields["x-amz-log-result"].flatMap { Base64.bytes($0) }
            .map { String(decoding: $0, as: UTF8.self) }
        guard response.fields["x-amz-function-error"] != nil else {
            answer = .returned(LambdaPayload.unwrap(bytes))
            return
        }
        let document = try? JSONParser.parse(bytes)
        answer = .failed(
            FunctionFailure(
                kind: document?.text("errorType") ?? "",
                message: document?.text("errorMessage") ?? String(decoding: bytes, as: UTF8.self)
            )
        )
    }
}

/// What Lambda can do with functions beyond those of every provider: it runs a version or alias of one, and says what was logged.
public struct LambdaFunctions: Sendable {
    let handler: LambdaFunctionHandler

    /// Runs a function and waits for its answer: one request.
    ///
    /// - Parameters:
    ///   - function: The function.
    ///   - payload: What it is given.
    ///   - qualifier: The version or alias; `nil` for the one that the handler was made with.
    ///   - withLog: Whether the end of what it logs is wanted.
    /// - Returns: The answer, and what Lambda says of it.
    /// - Throws: ``EffectError``, as the handler's calls do.
    public func invoke(
        _ function: FunctionName,
        _ payload: [UInt8],
        qualifier: String? = nil,
        withLog: Bool = false
    ) async throws(EffectError) -> LambdaAnswer {
        try await handler.run(function, payload, qualifier: qualifier, withLog: withLog)
    }
}
#endif
