#if AWS
internal import AuraCloud
internal import AuraEffects
internal import AuraRuntime

/// Sends the requests of one bucket.
struct S3Client: Sendable {
    let executor: OperationExecutor
    let auth: any AuthProvider
    let address: S3Address
    /// Whether the bytes of bodies are signed too; without TLS they must be.
    let signsBodies: Bool
    let errors: HandlerErrors

    /// A request's parts besides its address.
    struct Parts: Sendable {
        var fields: [HTTPField] = []
        var query: [(String, String?)] = []
        var body: Body = .none
        var isIdempotent = true
        var changes = false
        var isPart = false
        var meanings: [String: EffectError.Code] = [:]
    }

    /// A request's body.
    enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// Of known length, sent as it comes.
        case stream(ByteStream, byteCount: Int)
    }

    /// Sends a request about an object, or about the bucket.
    ///
    /// - Parameters:
    ///   - operation: The service's operation.
    ///   - httpMethod: The request's method.
    ///   - key: The object's key; `nil` for the bucket.
    ///   - parts: The request's other parts.
    ///   - method: The handler's operation, for errors.
    /// - Returns: The answer, which is a success.
    /// - Throws: ``EffectError`` of the handler.
    func send(
        _ operation: S3Service.Operation,
        _ httpMethod: HTTPMethod,
        _ key: ObjectKey?,
        _ parts: Parts,
        for method: String
    ) async throws(EffectError) -> HTTPResponse {
        var call = CloudCall(
            operation.effectOperation,
            resource: key?.text ?? "",
            isIdempotent: parts.isIdempotent,
            changes: parts.changes,
            isPart: parts.isPart,
            meanings: parts.meanings,
            errors: errors,
            method: method
        )
        let url = key.map { address.url(of: $0, parts.query) } ?? address.url(parts.query)
        var request = HTTPRequest(httpMethod, url, fields: HTTPFields(parts.fields))
        // What is stored is what is read: no encoding on the way.
        request.fields["accept-encoding"] = "identity"
        add(parts.body, to: &request)
        call.isRepeatable = request.body?.isRepeatable ?? true
        return try await executor.send(call) { [request] () throws(EffectError) in request }
    }

    private func add(_ body: Body, to request: inout HTTPRequest) {
        switch body {
        case .none:
            request.fields["x-amz-content-sha256"] = SigV4Signer.emptyHash
            if request.method == .put || request.method == .post { request.body = ByteStream([]) }
        case .bytes(let bytes):
            request.fields["x-amz-content-sha256"] =
                signsBodies ? SHA256.hash(bytes).description : SigV4Signer.unsignedPayload
            request.body = ByteStream(bytes, chunkSize: 1 << 18)
        case .stream(let body, let count):
            let proof = signsBodies ? ChunkedPayload.Proof.signedWithChecksum : .checksum
            request.fields["x-amz-content-sha256"] = proof.rawValue
            request.fields["x-amz-decoded-content-length"] = String(count)
            request.fields["x-amz-trailer"] = ChunkedPayload.checksumField
            request.fields["content-encoding"] = "aws-chunked"
            request.body = body
        }
    }

    /// Reads the document of an answer.
    ///
    /// - Parameters:
    ///   - response: The answer.
    ///   - method: The handler's operation.
    ///   - outcome: Whether the operation took effect where the document cannot be read.
    ///   - limit: The most bytes.
    /// - Returns: The document.
    /// - Throws: `unavailable` for an answer that breaks off or is none; the fault that the document is.
    func document(
        of response: HTTPResponse,
        for method: String,
        outcome: EffectError.Outcome = .notApplied,
        atMost limit: Int = 1 << 24
    ) async throws(EffectError) -> XMLElement {
        let bytes: [UInt8]
        do throws(EffectError) {
            bytes = try await response.body.bytes(atMost: limit)
        } catch {
            throw errors.error(
                error.code,
                in: method,
                error.message,
                cause: error,
                isRetryable: error.isRetryable,
                outcome: outcome
            )
        }
        let document: XMLElement
        do throws(XMLReader.Fault) {
            document = try XMLReader.read(bytes)
        } catch {
            let message =
                "The answer is no document of S3: \(error). See whether the endpoint is that of an object store."
            throw errors.error(.unavailable, in: method, message, isRetryable: false, outcome: outcome)
        }
        guard document.name == "Error" else { return document }
        // A success that took long may turn out to be none.
        let fault = S3Service().fault(response, document: document)
        let message = "The service answered \(fault.name) \(fault.words) (request \(fault.requestID))."
        let isUnknown = fault.mayHaveApplied && outcome == .unknown
        throw errors.error(
            fault.code,
            in: method,
            message,
            isRetryable: fault.isRetryable,
            outcome: isUnknown ? .unknown : .notApplied
        )
    }
}

extension S3Client {
    /// A revision as a condition's field has it.
    static func quoted(_ revision: CloudRevision) -> String { "\"\(revision.rawValue)\"" }

    /// The revision that an answer's `ETag` names.
    static func revision(of tag: String) -> CloudRevision {
        var tag = tag[...]
        if tag.hasPrefix("W/") { tag = tag.dropFirst(2) }
        if tag.hasPrefix("\""), tag.hasSuffix("\""), tag.count >= 2 { tag = tag.dropFirst().dropLast() }
        return CloudRevision(rawValue: String(tag))
    }

    /// The fields of a condition on what is stored.
    static func fields(of precondition: CloudPrecondition) -> [HTTPField] {
        switch precondition {
        case .none: []
        case .absent: [HTTPField("if-none-match", "*")]
        case .matches(let revision): [HTTPField("if-match", quoted(revision))]
        }
    }
}
#endif
