#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Sends the requests of a service that speaks AWS's Query protocol.
///
/// Source: Smithy, "AWS query protocol".
struct AWSQueryClient: Sendable {
    let executor: OperationExecutor
    let endpoint: HTTPURL
    let version: String
    let errors: HandlerErrors

    /// The most bytes of an answer: more than a page of any service has.
    private static let mostAnswerBytes = 1 << 22

    /// Creates a client, which works until its executor is stopped.
    init(
        _ service: some AWSQueryService,
        _ executor: OperationExecutor,
        _ endpoint: HTTPURL,
        errors: HandlerErrors
    ) {
        self.executor = executor
        var endpoint = endpoint
        if endpoint.path.isEmpty { endpoint.path = "/" }
        self.endpoint = endpoint
        version = service.version
        self.errors = errors
    }

    /// Creates a client of a service, which works until its executor is stopped.
    init(
        _ service: some AWSQueryService,
        _ connection: AWSConnection,
        _ config: CloudConfig,
        attemptsOfParts: Int,
        errors: HandlerErrors,
        context: HandlerContext
    ) {
        let executor = OperationExecutor(
            service,
            config,
            retryOfParts: .exponential(attemptsOfParts),
            auth: connection.auth,
            context: context
        )
        self.init(service, executor, connection.endpoint, errors: errors)
    }

    /// Sends a request and reads its answer.
    ///
    /// - Parameters:
    ///   - operation: The service's operation.
    ///   - parameters: The form's names and values, besides the operation and the version.
    ///   - parts: The request's other properties.
    ///   - method: The handler's operation, for errors.
    /// - Returns: What the operation results in; an empty element where it has no result.
    /// - Throws: ``EffectError`` of the handler.
    func send(
        _ operation: EffectOperation,
        _ parameters: [(String, String)],
        _ parts: AWSJSONClient.Parts = AWSJSONClient.Parts(),
        for method: String
    ) async throws(EffectError) -> XMLElement {
        let call = CloudCall(
            operation,
            resource: parts.resource,
            isIdempotent: parts.isIdempotent,
            changes: parts.changes,
            isPart: parts.isPart,
            meanings: parts.meanings,
            errors: errors,
            method: method
        )
        let all = [("Action", operation.name), ("Version", version)] + parameters
        let form = all.map { "\($0)=\(PercentEncoding.encode($1))" }.joined(separator: "&")
        let body = Array(form.utf8)
        var request = HTTPRequest(.post, endpoint, body: ByteStream(body, chunkSize: 1 << 18))
        request.fields["content-type"] = "application/x-www-form-urlencoded; charset=utf-8"
        request.fields["accept-encoding"] = "identity"
        request.fields["x-amz-content-sha256"] = SHA256.hash(body).description
        return try await executor.send(call) { [request] () throws(EffectError) in
            request
        } read: { (response) async throws(EffectError) in
            try await result(of: response, call)
        }
    }

    private func result(of response: HTTPResponse, _ call: CloudCall) async throws(EffectError) -> XMLElement {
        // The service has done what it was asked for, whatever becomes of its answer.
        let outcome: EffectError.Outcome = call.changes ? .unknown : .notApplied
        let bytes: [UInt8]
        do throws(EffectError) {
            bytes = try await response.body.bytes(atMost: Self.mostAnswerBytes)
        } catch {
            throw errors.error(
                error.code,
                in: call.method,
                error.message,
                cause: error,
                isRetryable: error.isRetryable,
                outcome: outcome
            )
        }
        guard let document = try? XMLReader.read(bytes), document.name == "\(call.operation.name)Response" else {
            let message = "The answer is none of the operation: see whether the endpoint is that of the service."
            throw errors.error(.unavailable, in: call.method, message, isRetryable: false, outcome: outcome)
        }
        return document["\(call.operation.name)Result"] ?? document
    }
}
#endif
