#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Sends the requests of a service that speaks one of AWS's JSON protocols.
///
/// Source: Smithy, "AWS JSON 1.0 protocol" and "AWS JSON 1.1 protocol".
struct AWSJSONClient: Sendable {
    /// How the service wants its operations named.
    struct Dialect: Sendable {
        /// What `X-Amz-Target` says before the operation, such as `DynamoDB_20120810`.
        var target: String
        /// The version of the protocol, within the content type.
        var version: String
    }

    let executor: OperationExecutor
    let endpoint: HTTPURL
    let dialect: Dialect
    let errors: HandlerErrors

    /// The most bytes of an answer: more than a page of any service has.
    private static let mostAnswerBytes = 1 << 25

    /// A request's properties besides its document.
    struct Parts: Sendable {
        /// What the request is about, for spans and errors.
        var resource = ""
        var isIdempotent = true
        var changes = false
        var isPart = false
        var meanings: [String: EffectError.Code] = [:]
    }

    /// Creates a client, which works until its executor is stopped.
    init(
        _ service: some AWSJSONService,
        _ dialect: Dialect,
        _ connection: AWSConnection,
        _ config: CloudConfig,
        attemptsOfParts: Int,
        errors: HandlerErrors,
        context: HandlerContext
    ) {
        executor = OperationExecutor(
            service,
            config,
            retryOfParts: .exponential(attemptsOfParts),
            auth: connection.auth,
            context: context
        )
        var endpoint = connection.endpoint
        if endpoint.path.isEmpty { endpoint.path = "/" }
        self.endpoint = endpoint
        self.dialect = dialect
        self.errors = errors
    }

    /// Sends a request and reads its answer.
    ///
    /// - Parameters:
    ///   - operation: The service's operation.
    ///   - input: The request's document.
    ///   - parts: The request's other properties.
    ///   - method: The handler's operation, for errors.
    /// - Returns: The answer's document.
    /// - Throws: ``EffectError`` of the handler.
    func send(
        _ operation: EffectOperation,
        _ input: JSONValue,
        _ parts: Parts = Parts(),
        for method: String
    ) async throws(EffectError) -> JSONNode {
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
        let request = request(operation, Array(input.line.utf8))
        return try await executor.send(call) { () throws(EffectError) in
            request
        } read: { (response) async throws(EffectError) in
            try await document(of: response, call)
        }
    }

    private func request(_ operation: EffectOperation, _ body: [UInt8]) -> HTTPRequest {
        var request = HTTPRequest(.post, endpoint, body: ByteStream(body, chunkSize: 1 << 18))
        request.fields["x-amz-target"] = "\(dialect.target).\(operation.name)"
        request.fields["content-type"] = "application/x-amz-json-\(dialect.version)"
        request.fields["accept-encoding"] = "identity"
        request.fields["x-amz-content-sha256"] = SHA256.hash(body).description
        return request
    }

    private func document(
        of response: HTTPResponse,
        _ call: CloudCall
    ) async throws(EffectError) -> JSONNode {
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
        let sum = response.fields["x-amz-crc32"].flatMap { UInt32($0) }
        guard sum.map({ $0 == CRC32.check(bytes, .ieee) }) ?? true else {
            let message = "The answer was damaged on its way: its CRC32 is another one."
            throw errors.error(.unavailable, in: call.method, message, outcome: outcome)
        }
        // Some operations answer with nothing.
        if bytes.isEmpty { return .object([:]) }
        guard let document = try? JSONParser.parse(bytes) else {
            let message = "The answer is no JSON: see whether the endpoint is that of the service."
            throw errors.error(.unavailable, in: call.method, message, isRetryable: false, outcome: outcome)
        }
        return document
    }
}
#endif
