#if AWS
internal import AuraCloud
public import AuraEffects
internal import AuraRuntime

/// Functions of AWS Lambda.
///
/// A payload that is JSON is given as it is, others as `{"aura.base64": "…"}`; so is the answer read. A function that fails or
/// runs for too long has answered: what is thrown is that Lambda did not run it, or that its answer was lost.
public final class LambdaFunctionHandler: FunctionEffects {
    /// The name in profiles.
    public static let technology = "lambda"

    /// What every handler of Lambda's functions declares.
    public static let capabilities = Capabilities(
        [.invokeAsync],
        limits: [
            // Lambda, "Quotas", less what Base64 takes.
            .requestBytes: LambdaPayload.mostBytes(within: ByteCount.mebibytes(6).bytes),
            .asyncPayloadBytes: LambdaPayload.mostBytes(within: ByteCount.kibibytes(256).bytes),
        ]
    )

    private let executor: OperationExecutor
    private let endpoint: HTTPURL
    private let qualifier: String?
    private let errors: HandlerErrors

    /// Six mebibytes, and as much again for what escapes them.
    private static let mostAnswerBytes = ByteCount.mebibytes(12).bytes

    private init(
        _ executor: OperationExecutor,
        _ endpoint: HTTPURL,
        qualifier: String?,
        _ errors: HandlerErrors
    ) {
        self.executor = executor
        self.endpoint = endpoint
        self.qualifier = qualifier
        self.errors = errors
    }

    /// Makes the handler of a region's functions; no request is sent before the first call.
    static func open(
        qualifier: String?,
        _ config: CloudConfig,
        _ access: AWSAccess,
        _ context: HandlerContext
    ) async throws(EffectError) -> LambdaFunctionHandler {
        let errors = HandlerErrors(FunctionsEffect.self, handler: technology)
        if let qualifier, !isQualifier(qualifier) {
            throw errors.refusal("'qualifier' is no version or alias such as '7' or 'live'")
        }
        let connection = try await AWSConnection.open("lambda", config, access, errors, context)
        let executor = OperationExecutor(LambdaService(), config, auth: connection.auth, context: context)
        var endpoint = connection.endpoint
        if endpoint.path.hasSuffix("/") { endpoint.path.removeLast() }
        return LambdaFunctionHandler(executor, endpoint, qualifier: qualifier, errors)
    }

    private static func isQualifier(_ text: String) -> Bool {
        text == "$LATEST" || (1...128).contains(text.utf8.count) && text.utf8.allSatisfy(\.isNameByte)
    }

    /// Running without waiting, and the limits of payloads.
    public var capabilities: Capabilities { Self.capabilities }

    /// Ends what is under way besides requests.
    func stop() async {
        await executor.stop()
    }

    /// Runs a function and waits for its answer: one request.
    public func invoke(_ function: FunctionName, _ payload: [UInt8]) async throws(EffectError) -> FunctionAnswer {
        try await run(function, payload, qualifier: nil, withLog: false).answer
    }

    /// Has a function run without waiting for it: one request.
    public func invokeAsync(_ function: FunctionName, _ payload: [UInt8]) async throws(EffectError) {
        try check(function, payload, atMost: .asyncPayloadBytes, in: "invokeAsync")
        let request = request(function, payload, qualifier: nil, ("x-amz-invocation-type", "Event"))
        _ = try await executor.send(call(function, for: "invokeAsync")) { () throws(EffectError) in request }
    }

    /// Runs a function and waits for all that Lambda says of it.
    func run(
        _ function: FunctionName,
        _ payload: [UInt8],
        qualifier: String?,
        withLog: Bool
    ) async throws(EffectError) -> LambdaAnswer {
        try check(function, payload, atMost: .requestBytes, in: "invoke")
        if let qualifier, !Self.isQualifier(qualifier) {
            let message = "The qualifier is no version or alias: give one such as '7' or 'live'."
            throw errors.error(.invalidArgument, in: "invoke", message)
        }
        let request = request(function, payload, qualifier: qualifier, ("x-amz-log-type", withLog ? "Tail" : "None"))
        return try await executor.send(call(function, for: "invoke")) { () throws(EffectError) in
            request
        } read: { [errors] (response) async throws(EffectError) in
            do throws(EffectError) {
                return LambdaAnswer(response, try await response.body.bytes(atMost: Self.mostAnswerBytes))
            } catch {
                let message = "The function has run, and its answer was lost: \(error.message)"
                throw errors.error(error.code, in: "invoke", message, cause: error, outcome: .unknown)
            }
        }
    }

    private func check(
        _ function: FunctionName,
        _ payload: [UInt8],
        atMost limit: Limit,
        in operation: String
    ) throws(EffectError) {
        try errors.checkCancellation(in: operation)
        try errors.check(name: function.rawValue, of: "function", atMost: 64, in: operation)
        let most = capabilities.limit(limit)
        guard payload.count > most else { return }
        let message = "The payload has \(payload.count) bytes: the most is \(most). Store it, and give its name."
        throw errors.error(.invalidArgument, in: operation, message)
    }

    /// It may have run where its answer was lost, and is not run again by itself.
    private func call(_ function: FunctionName, for method: String) -> CloudCall {
        CloudCall(
            LambdaService.Operation.invoke.effectOperation,
            resource: function.rawValue,
            isIdempotent: false,
            changes: true,
            errors: errors,
            method: method
        )
    }

    private func request(
        _ function: FunctionName,
        _ payload: [UInt8],
        qualifier: String?,
        _ field: (name: String, value: String)
    ) -> HTTPRequest {
        var url = endpoint
        url.path += "/2015-03-31/functions/\(PercentEncoding.encode(function.rawValue))/invocations"
        url.query = (qualifier ?? self.qualifier).map { "Qualifier=\(PercentEncoding.encode($0))" }
        let body = LambdaPayload.wrap(payload)
        var request = HTTPRequest(.post, url, body: ByteStream(body, chunkSize: 1 << 18))
        request.fields["content-type"] = "application/json"
        request.fields["accept-encoding"] = "identity"
        request.fields["x-amz-content-sha256"] = SHA256.hash(body).description
        request.fields[field.name] = field.value
        return request
    }
}
#endif
